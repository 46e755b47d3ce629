package dev.fairlead.proxy.codec.proxyprotocol;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Reads the header that a connection begins with. A function of bytes: where they are too few yet,
 * it is asked again when there are more, and says the same however they were cut.
 */
sealed interface ProxyHeader {

  /** The longest header that is read; behind its addresses version 2 may have anything. */
  int MAX_BYTES = 16 + 4096;

  /**
   * A whole header.
   *
   * @param source whose connection it is; empty when the proxy speaks for itself or does not know
   * @param own whether the proxy speaks for itself
   * @param length of the header in bytes
   */
  record Complete(Optional<InetAddress> source, boolean own, int length) implements ProxyHeader {}

  /** What came so far can be the beginning of one. */
  record Incomplete() implements ProxyHeader {}

  /**
   * There is none.
   *
   * @param reason for people
   */
  record Invalid(String reason) implements ProxyHeader {}

  /** Looks at the readable bytes, and reads none of them. */
  static ProxyHeader of(ByteBuf in) {
    if (in.isReadable() && in.getByte(in.readerIndex()) == 'P') {
      return TextHeader.read(in);
    }
    return BinaryHeader.read(in);
  }
}
