package dev.fairlead.config.routing;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits (RFC 4632 §3.1).
 *
 * @param address the lowest of them, in the form of {@link IpAddress#normal}
 * @param bits how many of its bits all have in common
 */
public record IpNetwork(String address, int bits) {

  private static final Pattern FORM = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  public IpNetwork {
    byte[] bytes = bytes(address);
    if (bits < 0 || bits > bytes.length * Byte.SIZE || !isZeroFrom(bytes, bits)) {
      throw new IllegalArgumentException(
          "network: %s/%d (expected: the first address of a network)".formatted(address, bits));
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
   *
   * @return empty when the text is none of these, or has bits behind those that are common: then
   *     nobody knows which of the two is meant
   */
  public static Optional<IpNetwork> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    return IpAddress.normal(form.group(1))
        .flatMap(
            address -> {
              byte[] bytes = bytes(address);
              int all = bytes.length * Byte.SIZE;
              int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
              return bits <= all && isZeroFrom(bytes, bits)
                  ? Optional.of(new IpNetwork(address, bits))
                  : Optional.empty();
            });
  }

  /** Whether the address is one of them; looks at nothing but its bits. */
  public boolean contains(InetAddress other) {
    byte[] prefix = bytes(address);
    byte[] bytes = other.getAddress();
    if (bytes.length != prefix.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (bit(bytes, i) != bit(prefix, i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String normal) {
    return InetAddress.ofLiteral(normal).getAddress();
  }

  private static boolean isZeroFrom(byte[] bytes, int bits) {
    for (int i = bits; i < bytes.length * Byte.SIZE; i++) {
      if (bit(bytes, i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int bit(byte[] bytes, int index) {
    return bytes[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1;
  }

  @Override
  public String toString() {
    return address + "/" + bits;
  }
}
