package dev.fairlead.proxy.codec.proxyprotocol;

import dev.fairlead.proxy.message.ConnectionEnds;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes the header of version 2 that a connection to an app begins with. */
public final class ProxyHeaderWriter {

  /** The most that one takes. */
  public static final int MAX_BYTES = BinaryHeader.FIXED + 2 * 16 + 2 * 2;

  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
  private static final int IPV4_BYTES = 4;

  private ProxyHeaderWriter() {}

  /**
   * Writes it.
   *
   * @param ends of the client's connection; null where they are not known, then the app has to take
   *     the proxy's own
   */
  public static void write(@Nullable ConnectionEnds ends, ByteBuf out) {
    out.writeBytes(BinaryHeader.SIGNATURE);
    if (ends == null) {
      out.writeByte(BinaryHeader.LOCAL).writeByte(BinaryHeader.UNSPECIFIED).writeShort(0);
      return;
    }
    byte[] client = ends.client().getAddress().getAddress();
    byte[] own = ends.own().getAddress().getAddress();
    boolean ipv4 = client.length == IPV4_BYTES && own.length == IPV4_BYTES;
    out.writeByte(BinaryHeader.PROXY);
    out.writeByte(ipv4 ? BinaryHeader.TCP4 : BinaryHeader.TCP6);
    out.writeShort(ipv4 ? 2 * IPV4_BYTES + 4 : 2 * 16 + 4);
    writeAddress(client, ipv4, out);
    writeAddress(own, ipv4, out);
    out.writeShort(ends.client().getPort()).writeShort(ends.own().getPort());
  }

  // There is one family for both: where they differ, that of version 6 (RFC 4291 §2.5.5.2).
  private static void writeAddress(byte[] address, boolean ipv4, ByteBuf out) {
    if (!ipv4 && address.length == IPV4_BYTES) {
      out.writeBytes(MAPPED);
    }
    out.writeBytes(address);
  }
}
