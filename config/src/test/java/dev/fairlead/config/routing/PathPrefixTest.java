package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "/,          /",
    "/api,       /api",
    "/api/,      /api",
    "' /api ',   /api",
    "/a/b.c/...,  /a/b.c/...",
    "/.well-known/x, /.well-known/x",
    "/~me/a@b;c=d:e, /~me/a@b;c=d:e",
  })
  void readsPathsInNormalForm(String text, String path) {
    assertThat(PathPrefix.parse(text)).contains(new PathPrefix(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api",
        "//",
        "/a//b",
        "/a//",
        "/.",
        "/..",
        "/a/../b",
        "/a/.",
        "/a%2fb",
        "/a?b",
        "/a#b",
        "/a b",
        "/a\\b",
        "/ä",
        "/a\nb",
        "/a\u0000"
      })
  void refusesWhatCouldBeReadInTwoWays(String text) {
    assertThat(PathPrefix.parse(text)).isEmpty();
  }

  @Test
  @Timeout(5)
  void answersHostileTextsAtOnce() {
    assertThat(PathPrefix.parse("/a".repeat(512))).isPresent();
    assertThat(PathPrefix.parse("/a".repeat(1_000_000))).isEmpty();
    assertThat(PathPrefix.parse("/a".repeat(500) + "%")).isEmpty();
  }

  @Test
  void cannotBeMadeFromWhatIsNoPath() {
    assertThat(PathPrefix.ROOT).hasToString("/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PathPrefix("/api/"))
        .withMessage("path: /api/ (expected: a path such as /api)");
  }
}
