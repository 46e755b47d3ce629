package dev.fairlead.proxy.tls;

import dev.fairlead.config.routing.HostPattern;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a ClientHello (RFC 8446 §4.1.2) decides who answers it.
 *
 * @param serverName lower case, without a dot at its end; null when the client named no host. Some
 *     name an IP address, though RFC 6066 §3 does not allow it: IPv6 is in brackets here, as in
 *     requests
 * @param protocols of ALPN (RFC 7301), in the client's order
 */
record ClientHello(@Nullable String serverName, List<String> protocols) {

  private static final int VERSION_AND_RANDOM = 2 + 32;
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;

  /** What is read of a message that makes no sense; TLS itself will refuse it. */
  private static final ClientHello NOTHING = new ClientHello(null, List.of());

  /**
   * Reads a message without changing its indices. Never throws: lengths that lie give what was read
   * up to there, or nothing.
   *
   * @param message the handshake message without its header of 4 bytes
   */
  static ClientHello read(ByteBuf message) {
    try {
      ByteBuf in = message.duplicate();
      in.skipBytes(VERSION_AND_RANDOM);
      in.skipBytes(in.readUnsignedByte());
      in.skipBytes(in.readUnsignedShort());
      in.skipBytes(in.readUnsignedByte());
      return in.isReadable() ? extensions(in.readSlice(in.readUnsignedShort())) : NOTHING;
    } catch (IndexOutOfBoundsException lyingLength) {
      return NOTHING;
    }
  }

  private static ClientHello extensions(ByteBuf in) {
    String serverName = null;
    List<String> protocols = List.of();
    while (in.readableBytes() >= 4) {
      int type = in.readUnsignedShort();
      ByteBuf extension = in.readSlice(in.readUnsignedShort());
      // TLS allows one (RFC 8446 §4.2), and its libraries look at the first.
      if (type == SERVER_NAME && serverName == null) {
        serverName = serverName(extension);
      } else if (type == ALPN) {
        protocols = protocols(extension);
      }
    }
    return new ClientHello(serverName, protocols);
  }

  // RFC 6066 §3: a list with names of types, of which there is one, host_name.
  private static @Nullable String serverName(ByteBuf extension) {
    ByteBuf names = extension.readSlice(extension.readUnsignedShort());
    while (names.readableBytes() >= 3) {
      int type = names.readUnsignedByte();
      ByteBuf name = names.readSlice(names.readUnsignedShort());
      if (type == 0) {
        String host = name.toString(StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        return host.indexOf(':') >= 0 ? ipv6(host) : withoutDot(host);
      }
    }
    return null;
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static String ipv6(String host) {
    return HostPattern.parse(host).map(HostPattern::authority).orElseGet(() -> withoutDot(host));
  }

  private static List<String> protocols(ByteBuf extension) {
    ByteBuf list = extension.readSlice(extension.readUnsignedShort());
    List<String> protocols = new ArrayList<>();
    while (list.isReadable()) {
      protocols.add(list.readSlice(list.readUnsignedByte()).toString(StandardCharsets.US_ASCII));
    }
    return protocols;
  }
}
