package dev.fairlead.config.routing;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The beginning of a path, in whole segments: {@code /api} stands for {@code /api} and {@code
 * /api/…}, not for {@code /apis}. {@code /} stands for every path.
 *
 * @param value {@code /}, or {@code /segment…} without a slash at its end; the unreserved
 *     characters of RFC 3986 and {@code !$&'()*+,;=:@} only, no {@code .} or {@code ..} segments,
 *     at most 1024 characters
 */
public record PathPrefix(String value) {

  private static final int MAX_LENGTH = 1024;
  private static final Pattern VALID =
      Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+");

  /** Every path. */
  public static final PathPrefix ROOT = new PathPrefix("/");

  public PathPrefix {
    if (!isValid(value)) {
      throw new IllegalArgumentException("path: " + value + " (expected: a path such as /api)");
    }
  }

  /**
   * Reads a prefix as a person writes it; one slash at the end is dropped.
   *
   * @return empty when the text is no path in normal form
   */
  public static Optional<PathPrefix> parse(String text) {
    String path = text.strip();
    if (path.length() > 1 && path.endsWith("/") && !path.endsWith("//")) {
      path = path.substring(0, path.length() - 1);
    }
    return isValid(path) ? Optional.of(new PathPrefix(path)) : Optional.empty();
  }

  // The expression takes stack for each segment, so the length is looked at first.
  private static boolean isValid(String path) {
    return path.length() <= MAX_LENGTH && VALID.matcher(path).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
