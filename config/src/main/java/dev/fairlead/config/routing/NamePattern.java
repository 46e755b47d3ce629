package dev.fairlead.config.routing;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host name whose first label may have one {@code *} in it, for any letters, digits and dashes or
 * for none: {@code shop.example.com}, {@code shop-*.example.com}. Never a {@code *} alone, which
 * would say nothing. Lower case.
 *
 * @param begin how the first label begins; all of it where there is no {@code *}
 * @param end how it ends; empty where there is no {@code *}
 * @param domain what follows the first label
 */
public record NamePattern(String begin, Optional<String> end, String domain) {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]*(\\*[a-z0-9-]*)?");
  private static final int LONGEST_LABEL = 63;

  /**
   * Reads a pattern as a person writes it; letters of either case.
   *
   * @return empty when the text is none
   */
  public static Optional<NamePattern> parse(String text) {
    String stripped = text.strip();
    if (!stripped.chars().allMatch(c -> c < 128)) {
      return Optional.empty();
    }
    String name = stripped.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    if (dot < 1 || dot > LONGEST_LABEL) {
      return Optional.empty();
    }
    String label = name.substring(0, dot);
    String domain = name.substring(dot + 1);
    // What any match looks like has to be a host name.
    boolean host =
        HostPattern.parse(label.replace('*', 'x') + "." + domain)
            .filter(any -> !any.wildcard())
            .isPresent();
    if (!host || label.equals("*") || !LABEL.matcher(label).matches()) {
      return Optional.empty();
    }
    int star = label.indexOf('*');
    return Optional.of(
        star < 0
            ? new NamePattern(label, Optional.empty(), domain)
            : new NamePattern(
                label.substring(0, star), Optional.of(label.substring(star + 1)), domain));
  }

  /** Whether a host name, in lower case, is one of those that are meant. */
  public boolean matches(String host) {
    int label = host.length() - domain.length() - 1;
    if (label < 1 || host.charAt(label) != '.' || !host.endsWith(domain)) {
      return false;
    }
    return end.isEmpty()
        ? label == begin.length() && host.startsWith(begin)
        : label >= begin.length() + end.get().length()
            && host.startsWith(begin)
            && host.startsWith(end.get(), label - end.get().length())
            && host.indexOf('.') == label;
  }

  @Override
  public String toString() {
    return begin + end.map(text -> "*" + text).orElse("") + "." + domain;
  }
}
