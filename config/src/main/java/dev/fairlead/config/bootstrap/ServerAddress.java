package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A server to ask.
 *
 * @param host an IP address or a name
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9.-]+))(?::([1-9]\\d{0,4}))?");

  public ServerAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
  }

  /**
   * Reads {@code 192.0.2.53}, {@code ns.example.com:5353}, {@code 2001:db8::53} or {@code
   * [2001:db8::53]:5353}.
   *
   * @param defaultPort the port where none is written
   * @return empty when the text has none of these forms
   */
  public static Optional<ServerAddress> parse(String text, int defaultPort) {
    Optional<String> address = IpAddress.normal(text);
    if (address.isPresent()) {
      return Optional.of(new ServerAddress(address.get(), defaultPort));
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    int port = match.group(3) == null ? defaultPort : Integer.parseInt(match.group(3));
    if (port > 65_535) {
      return Optional.empty();
    }
    Optional<String> host =
        match.group(1) != null
            ? IpAddress.normal(match.group(1))
            : IpAddress.normal(match.group(2)).or(() -> name(match.group(2)));
    return host.map(known -> new ServerAddress(known, port));
  }

  private static Optional<String> name(String text) {
    return HostPattern.parse(text).filter(host -> !host.wildcard()).map(HostPattern::suffix);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
