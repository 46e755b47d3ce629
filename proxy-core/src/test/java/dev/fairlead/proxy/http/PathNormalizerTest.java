package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one normal form of a path, that is matched and that is forwarded. */
class PathNormalizerTest {

  private static final long SEED = 20_261_123;
  private static final String[] PIECES = {
    "/", "/", "/", ".", "..", "a", "B", "%41", "%2e", "%2E%2e", "%7e", "%c3%a9", "%20", "%25",
    "%2f", "%5C", "%00", "%", "%4", "%zz", "~", ";x=1", "@", ":", "!", "\\", "é", " ", "?", "%3f",
    "%23", "%3b", "..;", ".;"
  };

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b, /a/b",
    "/a/, /a/",
    "//a, //a",
    "/a//b, /a//b",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/a/b/.., /a/",
    "/a/., /a/",
    "/., /",
    "/a/.., /",
    "/%2e%2E/, refused",
    "/a/%2e%2e/b, /b",
    "/a/%2e/b, /a/b",
    "/.../x, /.../x",
    "/.well-known/x, /.well-known/x",
    "/%61%7E%5f, /a~_",
    "/%c3%a9, /%C3%A9",
    "/a%20b, /a%20b",
    "/a%2Bb, /a%2Bb",
    "/%25, /%25",
    "/%252f, /%252f",
    "/a;v=1/b, /a;v=1/b",
    "/a/b;../c, /a/b;../c",
    "/...;x/b, /...;x/b",
    "/..a;x/b, /..a;x/b",
    "/.., refused",
    "/a/../.., refused",
    "/../a, refused"
  })
  void aPathHasOneForm(String sent, String normal) throws Exception {
    if (normal.equals("refused")) {
      assertThatThrownBy(() -> PathNormalizer.normalize(sent)).isInstanceOf(RejectedRequest.class);
    } else {
      assertThat(PathNormalizer.normalize(sent)).isEqualTo(normal);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/%2f",
        "/%2F",
        "/%5c",
        "/%5C",
        "/%00",
        "/%0a",
        "/%0D",
        "/%1f",
        "/%7f",
        "/%",
        "/%4",
        "/%4g",
        "/%-1",
        "/%+1",
        "/%٣١",
        "/%１１",
        "/a\\b",
        "/a b",
        "/a\"b",
        "/<a>",
        "/a|b",
        "/a^b",
        "/a`b",
        "/{a}",
        "/[a]",
        "/é",
        "/a/..;/b",
        "/a/..;x=y/b",
        "/a/..;",
        "/a/.;x/b",
        "/a/%2e%2e;/b",
        "/a/.%2E%3bx/b",
        "/a/..%3B"
      })
  void whatServersReadInDifferentWaysIsRefused(String path) {
    assertThatThrownBy(() -> PathNormalizer.normalize(path)).isInstanceOf(RejectedRequest.class);
  }

  @Test
  void theNormalFormIsNormalAndNeverClimbs() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    int accepted = 0;
    for (int i = 0; i < 200_000; i++) {
      String path = path(random);
      String normal;
      try {
        normal = PathNormalizer.normalize(path);
      } catch (RejectedRequest refused) {
        continue;
      }
      accepted++;
      assertNormal(path, normal);
    }
    assertThat(accepted).isGreaterThan(20_000);
  }

  private static void assertNormal(String path, String normal) {
    try {
      assertThat(PathNormalizer.normalize(normal)).as(path).isEqualTo(normal);
    } catch (RejectedRequest refused) {
      throw new AssertionError("the normal form of " + path + " is refused: " + normal, refused);
    }
    assertThat(normal).as(path).startsWith("/").doesNotContain("\\", "%2F", "%5C", "%00");
    assertThat(normal.split("/", -1)).as(path).doesNotContain(".", "..");
    assertThat(normal).as(path).doesNotContain("/.;", "/..;");
  }

  private static String path(RandomGenerator random) {
    StringBuilder path = new StringBuilder("/");
    int pieces = random.nextInt(8);
    for (int i = 0; i < pieces; i++) {
      path.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return path.toString();
  }
}
