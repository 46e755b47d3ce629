package dev.fairlead.config.routing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits (RFC 4632 §3.1).
 *
 * @param first the lowest of them
 * @param bits how many of its bits all have in common
 */
public record IpNetwork(InetAddress first, int bits) {

  private static final Pattern FORM = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  public IpNetwork {
    if (!isFirst(first, bits)) {
      throw new IllegalArgumentException(
          "network: %s (expected: the first address of a network)".formatted(text(first, bits)));
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
        .map(InetAddress::ofLiteral)
        .flatMap(
            address -> {
              int bits = form.group(2) == null ? length(address) : Integer.parseInt(form.group(2));
              return isFirst(address, bits)
                  ? Optional.of(new IpNetwork(address, bits))
                  : Optional.empty();
            });
  }

  /** Whether the address is one of them; looks at nothing but its bits. */
  public boolean contains(InetAddress other) {
    return length(other) == length(first)
        && commonBits(other.getAddress(), first.getAddress()) >= bits;
  }

  private static int commonBits(byte[] one, byte[] other) {
    int same = Arrays.mismatch(one, other);
    if (same < 0) {
      return one.length * Byte.SIZE;
    }
    int difference = (one[same] ^ other[same]) & 0xff;
    return same * Byte.SIZE + Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
  }

  private static boolean isFirst(InetAddress address, int bits) {
    if (bits < 0 || bits > length(address)) {
      return false;
    }
    byte[] bytes = address.getAddress();
    for (int i = bits; i < length(address); i++) {
      if ((bytes[i / Byte.SIZE] >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int length(InetAddress address) {
    return address instanceof Inet4Address ? Integer.SIZE : 2 * Long.SIZE;
  }

  private static String text(InetAddress address, int bits) {
    String digits = address.getHostAddress();
    return IpAddress.normal(digits).orElse(digits) + "/" + bits;
  }

  @Override
  public String toString() {
    return text(first, bits);
  }
}
