package dev.fairlead.config.routing;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host name ({@code shop.example.com}) or a wildcard ({@code *.example.com}) that stands for
 * every name with exactly one more label, as in certificates (RFC 6125 §6.4.3). Lower case, without
 * a trailing dot, at most 253 characters.
 *
 * @param wildcard whether one label of any text stands before {@code suffix}
 * @param suffix the whole name, or what follows {@code *.}
 */
public record HostPattern(boolean wildcard, String suffix) {

  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  public HostPattern {
    if (!isName(suffix)) {
      throw new IllegalArgumentException("host: " + suffix + " (expected: a host name)");
    }
  }

  /**
   * Reads a pattern as a person writes it; letters of either case.
   *
   * @return empty when the text is neither a host name nor {@code *.} and a host name
   */
  public static Optional<HostPattern> parse(String text) {
    String name = lowerCase(text.strip());
    boolean wildcard = name.startsWith("*.");
    String suffix = wildcard ? name.substring(2) : name;
    return isName(suffix) ? Optional.of(new HostPattern(wildcard, suffix)) : Optional.empty();
  }

  // Letters outside ASCII stay as they are: the Kelvin sign would become a "k".
  private static String lowerCase(String text) {
    return text.chars().allMatch(c -> c < 128) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static boolean isName(String text) {
    return text.length() <= 253 && NAME.matcher(text).matches();
  }

  @Override
  public String toString() {
    return wildcard ? "*." + suffix : suffix;
  }
}
