package dev.fairlead.proxy.http;

import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.routing.HashKey;
import dev.fairlead.proxy.message.Headers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of header fields with cookies: the one that is found is that of RFC 6265 §5.4, written down
 * here by an expression; requests with the same one belong together, whatever else they have.
 */
public final class CookiesFuzzer {

  private static final HashKey KEY = HashKey.parse("cookie:sid").orElseThrow();
  private static final Pattern COOKIE =
      Pattern.compile("(?:^|;)[ \t]*sid=[ \t]*([^;]*?)[ \t]*(?:;|\\z)", Pattern.DOTALL);

  private CookiesFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Headers headers = FieldLines.read(input);
    Optional<String> expected =
        FieldLines.values(headers, "Cookie").stream()
            .map(COOKIE::matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .findFirst();

    same(Cookies.find(headers, "sid"), expected.orElse(null), "the cookie");
    expected.ifPresent(
        value ->
            same(
                RequestKey.of(KEY, headers, "192.0.2.1"),
                RequestKey.of(KEY, new Headers().add("cookie", "sid=" + value), "192.0.2.2"),
                "the key of requests with the same cookie"));
  }
}
