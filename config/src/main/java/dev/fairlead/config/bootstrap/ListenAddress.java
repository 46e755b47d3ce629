package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address to listen on.
 *
 * @param host an IP address or a local name; empty for all addresses
 * @param port 0 to 65535; 0 lets the system choose
 */
public record ListenAddress(Optional<String> host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9.-]+))?:(\\d{1,5})");

  public ListenAddress {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /**
   * Reads {@code :443}, {@code 127.0.0.1:443} or {@code [::1]:443}.
   *
   * @return empty when the text has none of these forms
   */
  public static Optional<ListenAddress> parse(String text) {
    var match = FORM.matcher(text.strip());
    if (!match.matches() || Integer.parseInt(match.group(3)) > 65_535) {
      return Optional.empty();
    }
    Optional<String> host =
        Optional.ofNullable(match.group(1)).or(() -> Optional.ofNullable(match.group(2)));
    if (match.group(1) != null && IpAddress.normal(match.group(1)).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ListenAddress(
            host.map(name -> IpAddress.normal(name).orElse(name)),
            Integer.parseInt(match.group(3))));
  }

  @Override
  public String toString() {
    return host.map(name -> name.contains(":") ? "[" + name + "]" : name).orElse("") + ":" + port;
  }
}
