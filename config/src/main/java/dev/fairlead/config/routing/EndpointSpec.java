package dev.fairlead.config.routing;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of one task.
 *
 * @param address an IPv4 or IPv6 address in digits, never a name: nothing is looked up while
 *     requests are served; kept in its one normal form (see {@link IpAddress})
 * @param port 1 to 65535
 */
public record EndpointSpec(String address, int port) implements Comparable<EndpointSpec> {

  private static final Comparator<EndpointSpec> ORDER =
      Comparator.comparing(EndpointSpec::address).thenComparingInt(EndpointSpec::port);

  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

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
  }

  /**
   * Reads {@code 10.0.1.5:8080} or {@code [fd00::5]:8080}.
   *
   * @return empty when the text is no address in digits with a port
   */
  public static Optional<EndpointSpec> parse(String text) {
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

  @Override
  public String toString() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }
}
