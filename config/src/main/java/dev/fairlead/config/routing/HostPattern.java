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
          "(?!.{254})[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  public HostPattern {
    if (!NAME.matcher(suffix).matches()) {
      throw new IllegalArgumentException("host: " + suffix + " (expected: a host name)");
    }
  }

  /**
   * Reads a pattern as a person writes it; letters of either case.
   *
   * @return empty when the text is neither a host name nor {@code *.} and a host name
   */
  public static Optional<HostPattern> parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    boolean wildcard = name.startsWith("*.");
    String suffix = wildcard ? name.substring(2) : name;
    return NAME.matcher(suffix).matches()
        ? Optional.of(new HostPattern(wildcard, suffix))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return wildcard ? "*." + suffix : suffix;
  }
}
