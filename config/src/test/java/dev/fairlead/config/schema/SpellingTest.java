package dev.fairlead.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

  private static final List<String> WORDS =
      List.of("enable", "host", "path", "path.strip", "port", "network", "balance", "redirect");

  @ParameterizedTest
  @CsvSource({
    "prot,       port",
    "Port,       port",
    "ports,      port",
    "pat,        path",
    "hots,       host",
    "path-strip, path.strip",
    "pathStrip,  path.strip",
    "enabled,    enable",
    "netwrok,    network",
    "redirects,  redirect",
  })
  void findsTheWordThatWasMeant(String text, String word) {
    assertThat(Spelling.nearest(text, WORDS)).contains(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "middleware", "x", "sticky", "loadbalancer"})
  void findsNothingWhereNoWordIsNear(String text) {
    assertThat(Spelling.nearest(text, WORDS)).isEmpty();
  }

  @Test
  void doesNotCompareEndlessTexts() {
    assertThat(Spelling.nearest("port".repeat(1_000_000), WORDS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "abc, abc, 0",
    "'', abc, 3",
    "abc, acb, 1",
    "abc, ab, 1",
    "kitten, sitting, 3"
  })
  void countsEdits(String one, String other, int distance) {
    assertThat(Spelling.distance(one, other)).isEqualTo(distance);
    assertThat(Spelling.distance(other, one)).isEqualTo(distance);
  }
}
