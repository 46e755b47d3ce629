package dev.fairlead.acme.ondemand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.OnDemand;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients who make up names can't get past. */
class BoundsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static final AllowRules RULES =
      new AllowRules(
          Map.of(
              host("*.example.com"),
              List.of(
                  new OnDemand(
                      List.of(NamePattern.parse("shop-*.example.com").orElseThrow()),
                      Optional.empty()))),
          Set.of(host("*.example.com"), host("shop-0.example.com"), host("example.com")));

  @ParameterizedTest
  @ValueSource(strings = {"shop-1.example.com", "x.example.com", "xn--bcher-kva.example.com"})
  void coversWhatTheWildcardStandsFor(String name) {
    assertThat(RULES.cover(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "example.com",
        ".example.com",
        "shop-0.example.com",
        "a.shop-1.example.com",
        "shop-1.example.org",
        "shop-1example.com",
        "shop-1.example.com.",
        "-a.example.com",
        "a-.example.com",
        "a_b.example.com",
        "*.example.com",
        "a b.example.com",
        "a/b.example.com",
        "A.example.com",
        "\u0000.example.com",
        "b\u00fccher.example.com",
      })
  void coversNothingElse(String name) {
    assertThat(RULES.cover(name)).isFalse();
  }

  @Test
  void coversNoNameThatIsTooLong() {
    assertThat(RULES.cover("a".repeat(63) + ".example.com")).isTrue();
    assertThat(RULES.cover("a".repeat(64) + ".example.com")).isFalse();
    assertThat(RULES.cover("a".repeat(16_000))).isFalse();
  }

  @Test
  void allowsWhatAnyRuleLists() {
    assertThat(RULES.allow("shop-1.example.com")).isTrue();
    assertThat(RULES.allow("x.example.com")).isFalse();
    assertThat(AllowRules.NONE.allow("shop-1.example.com")).isFalse();
  }

  @Test
  void refusalsEndAndAreFewerThanThereArePlaces() {
    Refusals refusals = new Refusals();
    IntStream.range(0, 100_000).forEach(i -> refusals.add("a%d.example.com".formatted(i), NOW));

    assertThat(refusals.has("a99999.example.com", NOW)).isTrue();
    assertThat(refusals.has("a99999.example.com", NOW.plus(Refusals.TIME))).isFalse();
    assertThat(refusals.has("a99999.example.com", NOW.minus(Duration.ofDays(1))))
        .as("the clock was set back")
        .isFalse();
    assertThat(
            IntStream.range(0, 100_000)
                .filter(i -> refusals.has("a%d.example.com".formatted(i), NOW)))
        .hasSizeLessThanOrEqualTo(1024);
  }

  @Test
  void decidesAboutFiftyAtOnceAndFiveInASecond() {
    DecisionPace pace = new DecisionPace();

    assertThat(taken(pace, NOW)).isEqualTo(50);
    assertThat(taken(pace, NOW.plusSeconds(1))).isEqualTo(5);
    assertThat(taken(pace, NOW.plusSeconds(60))).isEqualTo(50);
    assertThat(taken(pace, NOW)).as("the clock was set back").isEqualTo(50);
  }

  @Test
  void aQuestionKeepsWhatItsAddressHas() {
    assertThat(Questioner.question(URI.create("http://shop"), "a.example.com"))
        .hasToString("http://shop/?domain=a.example.com");
    assertThat(Questioner.question(URI.create("http://shop:8080/ok"), "a.example.com"))
        .hasToString("http://shop:8080/ok?domain=a.example.com");
    assertThat(Questioner.question(URI.create("http://shop/ok?key=1"), "a.example.com"))
        .hasToString("http://shop/ok?key=1&domain=a.example.com");
  }

  private static long taken(DecisionPace pace, Instant now) {
    return IntStream.range(0, 1000).filter(_ -> pace.take(now)).count();
  }

  private static HostPattern host(String name) {
    return HostPattern.parse(name).orElseThrow();
  }
}
