package dev.fairlead.config.routing;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of a request {@link Balance#HASH} goes by. A request without it goes to any endpoint.
 *
 * @param name of the header or the cookie; empty for the client's address
 */
public record HashKey(Source source, String name) {

  /** Where it is found. */
  public enum Source {
    /** The address of who asks. */
    CLIENT,
    HEADER,
    COOKIE
  }

  /** The address of who asks. */
  public static final HashKey CLIENT = new HashKey(Source.CLIENT, "");

  // A token of RFC 9110 (5.6.2), as names of fields and of cookies are.
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

  /**
   * Reads {@code client}, {@code header:X-User} or {@code cookie:session}.
   *
   * @return empty when the text is none of them
   */
  public static Optional<HashKey> parse(String text) {
    if (text.equals("client")) {
      return Optional.of(CLIENT);
    }
    int colon = text.indexOf(':');
    String name = text.substring(colon + 1);
    if (colon < 0 || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return switch (text.substring(0, colon)) {
      case "header" -> Optional.of(new HashKey(Source.HEADER, name));
      case "cookie" -> Optional.of(new HashKey(Source.COOKIE, name));
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    String word = source.name().toLowerCase(Locale.ROOT);
    return source == Source.CLIENT ? word : word + ":" + name;
  }
}
