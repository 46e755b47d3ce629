package dev.fairlead.acme.challenge;

import dev.fairlead.config.routing.HostPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a CA calls an IP address in the handshake of tls-alpn-01, where addresses cannot stand (RFC
 * 8738 §6): its name in the reverse tree of DNS, {@code 5.113.0.203.in-addr.arpa} (RFC 1034 §5.2.1)
 * or 32 digits and {@code ip6.arpa} (RFC 3596 §2.5).
 */
final class ReverseName {

  private static final String IPV4 = ".in-addr.arpa";
  private static final String IPV6 = ".ip6.arpa";
  private static final int IPV4_LABELS = 4;
  private static final int IPV6_LABELS = 32;
  private static final int DIGITS_IN_GROUP = 4;

  /** The longest is that of IPv6. */
  private static final int LONGEST = 2 * IPV6_LABELS - 1 + IPV6.length();

  private ReverseName() {}

  /**
   * The address that has a name there.
   *
   * @param name in lower case
   * @return empty when it is none of a whole address
   */
  static Optional<HostPattern> address(String name) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    if (name.endsWith(IPV4)) {
      List<String> numbers = reversed(name, IPV4);
      return numbers.size() == IPV4_LABELS ? read(String.join(".", numbers)) : Optional.empty();
    }
    List<String> digits = name.endsWith(IPV6) ? reversed(name, IPV6) : List.of();
    return digits.size() == IPV6_LABELS && digits.stream().allMatch(digit -> digit.length() == 1)
        ? read(groups(digits))
        : Optional.empty();
  }

  private static List<String> reversed(String name, String tree) {
    String labels = name.substring(0, name.length() - tree.length());
    List<String> all = new ArrayList<>(List.of(labels.split("\\.", -1)));
    Collections.reverse(all);
    return all;
  }

  private static String groups(List<String> digits) {
    return IntStream.range(0, IPV6_LABELS / DIGITS_IN_GROUP)
        .mapToObj(group -> digits.subList(DIGITS_IN_GROUP * group, DIGITS_IN_GROUP * (group + 1)))
        .map(group -> String.join("", group))
        .collect(Collectors.joining(":"));
  }

  private static Optional<HostPattern> read(String address) {
    return HostPattern.parse(address).filter(HostPattern::isAddress);
  }
}
