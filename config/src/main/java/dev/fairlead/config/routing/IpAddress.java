package dev.fairlead.config.routing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** IP addresses as text, so that equal addresses are equal texts. Nothing is ever looked up. */
public final class IpAddress {

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
  private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(?::0)+(?![0-9a-f])");

  private IpAddress() {}

  /**
   * The one text for an address: IPv4 in four decimal numbers without leading zeros, IPv6 as RFC
   * 5952 writes it; IPv4 that is mapped into IPv6 ({@code ::ffff:10.0.0.1}) becomes IPv4.
   *
   * @return empty when the text is no address in digits, or has a zone ({@code %eth0})
   */
  public static Optional<String> normal(String text) {
    if (IPV4.matcher(text).matches()) {
      return Optional.of(text);
    }
    if (!IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = Inet6Address.ofLiteral(text);
      String full = address.getHostAddress();
      return Optional.of(address instanceof Inet4Address ? full : shortened(full));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code ::} stands for the longest run of two or more zero groups, the first if several. */
  private static String shortened(String groups) {
    Optional<MatchResult> longest =
        ZEROS
            .matcher(groups)
            .results()
            .reduce((one, other) -> length(other) > length(one) ? other : one);
    return longest
        .map(
            run ->
                groups.substring(0, run.start()).replaceFirst(":$", "")
                    + "::"
                    + groups.substring(run.end()).replaceFirst("^:", ""))
        .orElse(groups);
  }

  private static int length(MatchResult run) {
    return run.end() - run.start();
  }
}
