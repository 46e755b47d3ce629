package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example.com,   shop.example.com, false",
    "Shop.EXAMPLE.com,   shop.example.com, false",
    "' shop.example.com ', shop.example.com, false",
    "*.Example.com,      example.com,      true",
    "localhost,          localhost,        false",
    "my_shop.example.com, my_shop.example.com, false",
    "xn--mller-kva.de,   xn--mller-kva.de, false",
  })
  void readsNamesInEitherCase(String text, String suffix, boolean wildcard) {
    assertThat(HostPattern.parse(text)).contains(new HostPattern(wildcard, suffix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a.*.b",
        "**.b",
        "a..b",
        ".a",
        "a.",
        "-a.b",
        "a-.b",
        "a b",
        "a/b",
        "a:80",
        "https://a.b",
        "müller.de",
        "a\nb",
        "a.b\r\nX: y",
        "\u212Aube.example.com",
        "a.b_c"
      })
  void refusesWhatIsNoName(String text) {
    assertThat(HostPattern.parse(text)).isEmpty();
  }

  @Test
  void refusesNamesAndLabelsThatAreTooLong() {
    String label = "a".repeat(63);
    String longest = String.join(".", label, label, label, "a".repeat(61));

    assertThat(HostPattern.parse(longest)).isPresent();
    assertThat(HostPattern.parse(longest + "a")).isEmpty();
    assertThat(HostPattern.parse(label + "a.b")).isEmpty();
  }

  @Test
  @Timeout(5)
  void answersHostileTextsAtOnce() {
    assertThat(HostPattern.parse("a-".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("a.".repeat(1_000_000))).isEmpty();
    assertThat(HostPattern.parse("a-".repeat(126) + "!")).isEmpty();
  }

  @Test
  void cannotBeMadeFromWhatIsNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostPattern(false, "Shop.example.com"))
        .withMessage("host: Shop.example.com (expected: a host name)");
  }

  @Test
  void isWrittenAsItIsRead() {
    assertThat(new HostPattern(true, "example.com")).hasToString("*.example.com");
    assertThat(new HostPattern(false, "example.com")).hasToString("example.com");
  }
}
