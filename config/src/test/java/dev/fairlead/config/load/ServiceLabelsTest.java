package dev.fairlead.config.load;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.schema.Noise;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceLabelsTest {

  private static final Optional<String> DOMAIN = Optional.of("example.com");
  private static final Map<String, String> ALL_RIGHT =
      Map.ofEntries(
          entry("fairlead.enable", "true"),
          entry("fairlead.host", "a.example.com"),
          entry("fairlead.path", "/a"),
          entry("fairlead.path.strip", "true"),
          entry("fairlead.port", "8080"),
          entry("fairlead.network", "front"),
          entry("fairlead.balance", "hash"),
          entry("fairlead.balance.key", "client"),
          entry("fairlead.slow-start", "0s"),
          entry("fairlead.eject", "true"),
          entry("fairlead.sticky", "true"),
          entry("fairlead.sticky.cookie", "task"),
          entry("fairlead.limit.in-flight", "10"),
          entry("fairlead.limit.waiting", "10"),
          entry("fairlead.limit.wait", "1s"),
          entry("fairlead.hold", "1s"),
          entry("fairlead.health.path", "/"),
          entry("fairlead.health.connect", "false"),
          entry("fairlead.health.status", "200"),
          entry("fairlead.health.interval", "5s"),
          entry("fairlead.health.timeout", "1s"),
          entry("fairlead.health.fall", "1"),
          entry("fairlead.health.rise", "1"),
          entry("fairlead.tls", "local"),
          entry("fairlead.redirect", "off"),
          entry("fairlead.timeout.connect", "1s"),
          entry("fairlead.timeout.idle", "5m"),
          entry("fairlead.limit.body", "1GB"),
          entry("fairlead.limit.min-rate", "0B"),
          entry("fairlead.retry.attempts", "1"),
          entry("fairlead.retry.status", "503"),
          entry("fairlead.retry.body", "0B"));

  static Stream<GoldenCase> routes() {
    return GoldenCase.read("/labels/routes.txt");
  }

  static Stream<GoldenCase> problems() {
    return GoldenCase.read("/labels/problems.txt");
  }

  static Stream<Option<?>> options() {
    return ServiceOptions.SERVICE.options().stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void makesRoutesOfLabels(GoldenCase golden) {
    assertThat(shown(parse(golden))).isEqualTo(golden.expected());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void saysAllThatIsWrong(GoldenCase golden) {
    assertThat(Shown.problems(parse(golden))).isEqualTo(golden.expected());
  }

  @ParameterizedTest
  @MethodSource("options")
  void readsNothingHalf(Option<?> option) {
    Map<String, String> labels = new HashMap<>(ALL_RIGHT);
    labels.put("fairlead." + option.key(), "what is this?\0");

    assertThat(problemsOf(parse(labels)))
        .extracting(Problem::path)
        .containsExactly("fairlead." + option.key());
  }

  @Test
  void keepsTheNameOfTheService() {
    assertThat(parse(ALL_RIGHT))
        .extracting(parsed -> ((Parsed.Valid<Optional<ServiceDefinition>>) parsed).value())
        .extracting(definition -> definition.orElseThrow().service())
        .isEqualTo("shop");
  }

  @Test
  void readsSixtyFourNamedRoutesAndNoMore() {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < 64; i++) {
      labels.put("fairlead.routes.r" + i + ".path", "/" + i);
    }
    assertThat(parse(labels)).isInstanceOf(Parsed.Valid.class);

    labels.put("fairlead.routes.x.path", "/x");
    labels.put("fairlead.routes.x.port", "81");
    assertThat(Shown.problems(parse(labels)))
        .isEqualTo(
            """
            fairlead.routes.x.path: one route more (expected: at most 64 of a service)
            fairlead.routes.x.port: one route more (expected: at most 64 of a service)\
            """);
  }

  @Test
  void shortensWhatItShows() {
    Map<String, String> labels =
        Map.of("fairlead.port", "8".repeat(5000), "fairlead." + "x".repeat(5000), "1");

    assertThat(problemsOf(parse(labels)))
        .extracting(Problem::toString)
        .allSatisfy(sentence -> assertThat(sentence).hasSizeLessThan(600).contains("…"));
  }

  @Test
  void showsNothingThatCouldForgeALineOfALog() {
    Map<String, String> labels =
        Map.of("fairlead.port", "80\nERROR \u001B[31m\u202E", "fairlead.a\nb", "");

    assertThat(problemsOf(parse(labels)))
        .extracting(Problem::toString)
        .contains(
            "fairlead.port: 80\uFFFDERROR \uFFFD[31m\uFFFD (expected: a port from 1 to 65535)")
        .allSatisfy(sentence -> assertThat(sentence).doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  @Timeout(10)
  void namesAHundredProblemsAndCountsTheOthers() {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      labels.put("fairlead.prot" + i, "80");
    }

    List<Problem> problems = problemsOf(parse(labels));

    assertThat(problems).hasSize(101);
    assertThat(problems.getLast()).hasToString("and more: 49900 further problems (expected: none)");
  }

  @Test
  void throwsForNoLabels() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    List<Map.Entry<String, String>> right = List.copyOf(ALL_RIGHT.entrySet());
    for (int i = 0; i < 20_000; i++) {
      Map<String, String> labels = new HashMap<>();
      for (int j = random.nextInt(6); j >= 0; j--) {
        Map.Entry<String, String> label = right.get(random.nextInt(right.size()));
        String key = label.getKey();
        String route = random.nextBoolean() ? key : key.replace("fairlead.", "fairlead.routes.r.");
        labels.put(
            random.nextInt(4) == 0 ? Noise.text(random, route) : route,
            random.nextBoolean() ? Noise.text(random, label.getValue()) : label.getValue());
      }
      String service = random.nextBoolean() ? "shop" : Noise.text(random, "shop");

      assertThat(ServiceLabels.parse(service, DOMAIN, labels)).isNotNull();
    }
  }

  private static Parsed<Optional<ServiceDefinition>> parse(GoldenCase golden) {
    return ServiceLabels.parse(golden.service(), golden.domain(), golden.labels());
  }

  private static Parsed<Optional<ServiceDefinition>> parse(Map<String, String> labels) {
    return ServiceLabels.parse("shop", DOMAIN, labels);
  }

  private static List<Problem> problemsOf(Parsed<?> parsed) {
    return switch (parsed) {
      case Parsed.Valid<?> _ -> List.of();
      case Parsed.Invalid<?>(List<Problem> problems) -> problems;
    };
  }

  private static String shown(Parsed<Optional<ServiceDefinition>> parsed) {
    return switch (parsed) {
      case Parsed.Valid<Optional<ServiceDefinition>>(var definition) ->
          definition.map(Shown::routes).orElse("nothing");
      case Parsed.Invalid<Optional<ServiceDefinition>>(var problems) -> Shown.problems(problems);
    };
  }
}
