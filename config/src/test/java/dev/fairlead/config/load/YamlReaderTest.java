package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairlead.config.schema.Noise;
import java.util.Collections;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {

  @Test
  void keepsScalarsAsTheyWereWritten() throws YamlException {
    assertThat(shown("{a: 010, b: off, c: 1_000, d: ~, e: , f: 'x', g: 0x1F, h: 1.10, i: !!str 5}"))
        .isEqualTo("{a=010, b=off, c=1_000, d=, e=, f=x, g=0x1F, h=1.10, i=5}");
  }

  @Test
  void readsAnchorsAliasesAndMergeKeys() throws YamlException {
    assertThat(
            shown(
                """
                a: &a {p: 1, q: 2}
                b: *a
                c: {<<: *a, q: 3}
                d: &d [x, z]
                e: {<<: [*a, {p: 9, r: 4}]}
                f: [*d, y]
                &k g: 1
                h: &h [*h]
                """))
        .isEqualTo(
            "{a={p=1, q=2}, b={p=1, q=2}, c={q=3, p=1}, d=[x, z], e={p=1, q=2, r=4},"
                + " f=[[x, z], y], g=1, h=[*h]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~a: 1\nb: 2\na: 3~ | line 3, column 2: the key a again | each key once",
        "~a: {b: 1, b: 2}~ | line 1, column 12: the key b again | each key once",
        "~a:\n"
            + "\tb: 1~ | ~line 2, column 1: found character '\\t(TAB)' that cannot start any token."
            + " (Do not use \\t(TAB) for indentation)~ | YAML",
        "~a: [1,\n b~ | ~line 2, column 3: expected ',' or ']', but got <stream end>~ | YAML",
        "~? [a]\n: b~ | line 1, column 4: Expected a field name (Scalar value in YAML) | YAML",
        "~a: 1\n---\nb: 2~ | line 3, column 1: a second document | one document",
        "~<<: 1~ | ~line 1, column 5: <<: 1~ | an alias of a mapping",
        "~- a~ | a list | keys with values",
        "~a~ | a | keys with values",
      })
  void saysWhereAndWhatIsWrong(String yaml, String message, String expected) {
    assertThatExceptionOfType(YamlException.class)
        .isThrownBy(() -> YamlReader.read(yaml))
        .withMessage(message)
        .extracting(YamlException::expected)
        .isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThatExceptionOfType(YamlException.class)
        .isThrownBy(() -> YamlReader.read("a: " + "[".repeat(100_000)))
        .withMessage("nested too deeply");
  }

  @Test
  @Timeout(5)
  void refusesAliasesThatExpandWithoutEnd() {
    String yaml =
        "a0: &a0 [x]\n"
            + IntStream.rangeClosed(1, 30)
                .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, aliases(i - 1)))
                .collect(Collectors.joining());

    assertThatExceptionOfType(YamlException.class)
        .isThrownBy(() -> YamlReader.read(yaml))
        .withMessageEndingWith("too many values, aliases counted");
  }

  @Test
  void countsAliasesOfNothingToo() {
    String manyOfNothing = String.join(",", Collections.nCopies(1000, "*nothing"));
    String manyOfThose = String.join(",", Collections.nCopies(1000, "*a"));

    assertThatExceptionOfType(YamlException.class)
        .isThrownBy(
            () -> YamlReader.read("a: &a [%s]%nb: [%s]".formatted(manyOfNothing, manyOfThose)))
        .withMessageEndingWith("too many values, aliases counted");
  }

  @Test
  void throwsNothingElseForAnyText() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    String yaml =
        """
        domain: &d example.com
        docker: {poll: 200ms, networks: [a, b]}
        services:
          shop: &s
            host: a.example.com
            path.strip: true
            endpoints: ["10.0.0.1:80"]
            routes: {api: {path: /api}}
          blog: {<<: *s, host: b.example.com}
        """;
    int right = 0;
    for (int i = 0; i < 2_000; i++) {
      Parsed<?> parsed = ServicesFile.parse(Noise.text(random, yaml), Optional.empty());
      right += parsed instanceof Parsed.Valid ? 1 : 0;
    }
    assertThat(right).isBetween(1, 1_999);
  }

  private static String aliases(int level) {
    return IntStream.range(0, 10).mapToObj(_ -> "*a" + level).collect(Collectors.joining(", "));
  }

  private static String shown(String yaml) throws YamlException {
    return shown(YamlReader.read(yaml));
  }

  private static String shown(Yaml yaml) {
    return switch (yaml) {
      case Yaml.Scalar _, Yaml.Alias _ -> yaml.shown();
      case Yaml.Sequence(var items) -> items.stream().map(YamlReaderTest::shown).toList() + "";
      case Yaml.Mapping(var entries) ->
          entries.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }
}
