package dev.fairlead.proxy.codec.proxyprotocol;

import dev.fairlead.config.routing.IpAddress;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Version 1: a line of at most 107 characters. */
final class TextHeader {

  private static final int MAX_LINE = 107;
  private static final byte[] BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final int MAX_PORT = 65_535;

  private TextHeader() {}

  static ProxyHeader read(ByteBuf in) {
    int from = in.readerIndex();
    int count = Math.min(in.readableBytes(), MAX_LINE);
    for (int i = 0; i < Math.min(count, BEGIN.length); i++) {
      if (in.getByte(from + i) != BEGIN[i]) {
        return new ProxyHeader.Invalid("no PROXY protocol header");
      }
    }
    int end = in.indexOf(from, from + count, (byte) '\n');
    if (end < 0) {
      return count == MAX_LINE
          ? new ProxyHeader.Invalid("a line of more than 107 characters")
          : new ProxyHeader.Incomplete();
    }
    if (in.getByte(end - 1) != '\r') {
      return new ProxyHeader.Invalid("a line that ends without CR");
    }
    String line = in.toString(from, end - 1 - from, StandardCharsets.ISO_8859_1);
    int length = end + 1 - from;
    String[] words = line.split(" ", -1);
    // What follows an unknown connection says nothing (§2.1).
    if (words[1].equals("UNKNOWN")) {
      return new ProxyHeader.Complete(Optional.empty(), false, length);
    }
    return addresses(words)
        .<ProxyHeader>map(source -> new ProxyHeader.Complete(Optional.of(source), false, length))
        .orElseGet(() -> new ProxyHeader.Invalid("a line that is no header of version 1"));
  }

  // PROXY TCP4 192.0.2.7 198.51.100.1 56324 443
  private static Optional<InetAddress> addresses(String[] words) {
    if (words.length != 6 || !isPort(words[4]) || !isPort(words[5])) {
      return Optional.empty();
    }
    int bytes =
        switch (words[1]) {
          case "TCP4" -> 4;
          case "TCP6" -> 16;
          default -> 0;
        };
    Optional<InetAddress> source = address(words[2], bytes);
    return address(words[3], bytes).isPresent() ? source : Optional.empty();
  }

  private static Optional<InetAddress> address(String text, int bytes) {
    boolean six = text.indexOf(':') >= 0;
    return bytes == (six ? 16 : 4)
        ? IpAddress.normal(text).map(InetAddress::ofLiteral)
        : Optional.empty();
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= MAX_PORT;
  }
}
