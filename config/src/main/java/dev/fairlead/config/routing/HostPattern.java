package dev.fairlead.config.routing;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host name ({@code shop.example.com}), a wildcard ({@code *.example.com}) that stands for every
 * name with exactly one more label, as in certificates (RFC 6125 §6.4.3), or an IP address. Names
 * are in lower case, without a trailing dot, at most 253 characters; addresses in their one form
 * (see {@link IpAddress}), without brackets.
 *
 * @param wildcard whether one label of any text stands before {@code suffix}
 * @param suffix the whole name or address, or what follows {@code *.}
 */
public record HostPattern(boolean wildcard, String suffix) {

  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  public HostPattern {
    if (!isName(suffix) && (wildcard || address(suffix).filter(suffix::equals).isEmpty())) {
      throw new IllegalArgumentException(
          "host: " + suffix + " (expected: a host name or an IP address)");
    }
  }

  /**
   * Reads a pattern as a person writes it; letters of either case, IPv6 with or without brackets.
   *
   * @return empty when the text is neither a host name, nor {@code *.} and a host name, nor an IP
   *     address
   */
  public static Optional<HostPattern> parse(String text) {
    String name = lowerCase(text.strip());
    boolean wildcard = name.startsWith("*.");
    String suffix = wildcard ? name.substring(2) : name;
    if (isName(suffix)) {
      return Optional.of(new HostPattern(wildcard, suffix));
    }
    return wildcard
        ? Optional.empty()
        : address(suffix).map(address -> new HostPattern(false, address));
  }

  /** Whether it is an IP address: no name ends in a number. */
  public boolean isAddress() {
    return isIpv6() || endsInNumber(suffix);
  }

  /** The IP address that it is; empty for names. Nothing is looked up. */
  public Optional<InetAddress> address() {
    return isAddress() ? Optional.of(InetAddress.ofLiteral(suffix)) : Optional.empty();
  }

  /** As it stands in URLs and in requests (RFC 3986 §3.2.2): an IPv6 address has brackets there. */
  public String authority() {
    return isIpv6() ? "[" + suffix + "]" : toString();
  }

  private boolean isIpv6() {
    return suffix.indexOf(':') >= 0;
  }

  // Letters outside ASCII stay as they are: the Kelvin sign would become a "k".
  private static String lowerCase(String text) {
    return text.chars().allMatch(c -> c < 128) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static boolean isName(String text) {
    return text.length() <= 253 && NAME.matcher(text).matches() && !endsInNumber(text);
  }

  // Browsers take what ends in a number for an IPv4 address, or for nothing (WHATWG URL §3.5).
  private static boolean endsInNumber(String text) {
    int start = text.length();
    while (start > 0 && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
      start--;
    }
    return start < text.length() && (start == 0 || text.charAt(start - 1) == '.');
  }

  /** The one form of an address; of IPv4 that is mapped into IPv6 only the IPv4 address is one. */
  private static Optional<String> address(String text) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    String digits = brackets ? text.substring(1, text.length() - 1) : text;
    boolean ipv6 = digits.indexOf(':') >= 0;
    return IpAddress.normal(digits)
        .filter(normal -> ipv6 == (normal.indexOf(':') >= 0) && (ipv6 || !brackets));
  }

  /** Without brackets. */
  @Override
  public String toString() {
    return wildcard ? "*." + suffix : suffix;
  }
}
