package dev.fairlead.config.routing;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of one task.
 *
 * @param address an IPv4 or IPv6 address in digits, never a name: nothing is looked up while
 *     requests are served; kept in its one normal form (see {@link IpAddress})
 * @param port 1 to 65535
 * @param weight 1 to 100: how large its share is, compared with those of the others
 */
public record EndpointSpec(String address, int port, int weight)
    implements Comparable<EndpointSpec> {

  public static final int MAX_WEIGHT = 100;

  private static final Comparator<EndpointSpec> ORDER =
      Comparator.comparing(EndpointSpec::address)
          .thenComparingInt(EndpointSpec::port)
          .thenComparingInt(EndpointSpec::weight);

  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern WEIGHTED = Pattern.compile("(\\S+)\\s+weight=([1-9][0-9]{0,2})");

  public EndpointSpec {
    String given = address;
    address =
        IpAddress.normal(given)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "address: " + given + " (expected: an IP address)"));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 100)");
    }
  }

  /** One with the same share as others. */
  public EndpointSpec(String address, int port) {
    this(address, port, 1);
  }

  /**
   * Reads {@code 10.0.1.5:8080}, {@code [fd00::5]:8080} or {@code 10.0.1.5:8080 weight=3}.
   *
   * @return empty when the text is no address in digits with a port
   */
  public static Optional<EndpointSpec> parse(String text) {
    Matcher weighted = WEIGHTED.matcher(text);
    if (!weighted.matches()) {
      return parseAddress(text);
    }
    int weight = Integer.parseInt(weighted.group(2));
    return weight > MAX_WEIGHT
        ? Optional.empty()
        : parseAddress(weighted.group(1))
            .map(one -> new EndpointSpec(one.address, one.port, weight));
  }

  private static Optional<EndpointSpec> parseAddress(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String address = text.substring(0, colon);
    if (address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    } else if (address.contains(":")) {
      return Optional.empty();
    }
    String port = text.substring(colon + 1);
    if (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65_535) {
      return Optional.empty();
    }
    return IpAddress.normal(address)
        .map(normal -> new EndpointSpec(normal, Integer.parseInt(port)));
  }

  @Override
  public int compareTo(EndpointSpec other) {
    return ORDER.compare(this, other);
  }

  /** The address and the port. */
  @Override
  public String toString() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }
}
