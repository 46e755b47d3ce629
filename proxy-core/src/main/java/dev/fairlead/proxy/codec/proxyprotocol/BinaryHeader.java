package dev.fairlead.proxy.codec.proxyprotocol;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Version 2: a signature, a length, and addresses as bytes. */
final class BinaryHeader {

  static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
  static final int FIXED = 16;
  static final int LOCAL = 0x20;
  static final int PROXY = 0x21;
  static final int UNSPECIFIED = 0x00;
  static final int TCP4 = 0x11;
  static final int TCP6 = 0x21;
  private static final int UNIX_STREAM = 0x31;

  private BinaryHeader() {}

  static ProxyHeader read(ByteBuf in) {
    int from = in.readerIndex();
    for (int i = 0; i < Math.min(in.readableBytes(), SIGNATURE.length); i++) {
      if (in.getByte(from + i) != SIGNATURE[i]) {
        return new ProxyHeader.Invalid("no PROXY protocol header");
      }
    }
    if (in.readableBytes() < FIXED) {
      return new ProxyHeader.Incomplete();
    }
    int length = FIXED + in.getUnsignedShort(from + 14);
    if (length > ProxyHeader.MAX_BYTES) {
      return new ProxyHeader.Invalid(
          "a header of %d bytes (expected: at most %d)".formatted(length, ProxyHeader.MAX_BYTES));
    }
    if (in.readableBytes() < length) {
      return new ProxyHeader.Incomplete();
    }
    return switch (in.getUnsignedByte(from + 12)) {
      // A check of the proxy's own (§2.2): whatever it says of addresses is to be ignored.
      case LOCAL -> new ProxyHeader.Complete(Optional.empty(), true, length);
      case PROXY -> proxied(in, from, length);
      default -> new ProxyHeader.Invalid("another version or command than those of version 2");
    };
  }

  private static ProxyHeader proxied(ByteBuf in, int from, int length) {
    return switch (in.getUnsignedByte(from + 13)) {
      case TCP4 -> source(in, from, length, 4);
      case TCP6 -> source(in, from, length, 16);
      case UNSPECIFIED, UNIX_STREAM -> new ProxyHeader.Complete(Optional.empty(), false, length);
      default -> new ProxyHeader.Invalid("a connection that is not TCP");
    };
  }

  // Both addresses, then both ports.
  private static ProxyHeader source(ByteBuf in, int from, int length, int bytes) {
    if (length < FIXED + 2 * bytes + 4) {
      return new ProxyHeader.Invalid("too few bytes for its addresses");
    }
    byte[] address = new byte[bytes];
    in.getBytes(from + FIXED, address);
    try {
      return new ProxyHeader.Complete(
          Optional.of(InetAddress.getByAddress(address)), false, length);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
