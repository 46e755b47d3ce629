package dev.fairlead.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a connection that came and can't be taken yet. While there are any, the connection is
 * not read; so pausing costs nothing unless bytes really come. Taking never nests, whatever the
 * taker does meanwhile, so that a long pipeline of requests costs no stack. Event loop only.
 */
final class Unread {

  private final Channel channel;
  private final Consumer<ByteBuf> taker;
  private @Nullable ByteBuf bytes;
  private boolean taking;
  private boolean closed;

  /**
   * @param taker reads as much as it can take now
   */
  Unread(Channel channel, Consumer<ByteBuf> taker) {
    this.channel = channel;
    this.taker = taker;
  }

  /** How many bytes of memory wait here. */
  int heldBytes() {
    return bytes == null ? 0 : bytes.capacity();
  }

  boolean isEmpty() {
    return bytes == null;
  }

  /** Whether the taker, at work or not, has left anything. */
  boolean hasMore() {
    return bytes != null && bytes.isReadable();
  }

  /** Takes ownership of what came. */
  void add(ByteBuf data) {
    if (closed) {
      data.release();
      return;
    }
    bytes = bytes == null ? data : joined(bytes, data);
    retry();
  }

  // Seldom and little: at most what one read brings on top of what waits.
  private ByteBuf joined(ByteBuf first, ByteBuf second) {
    ByteBuf both = channel.alloc().buffer(first.readableBytes() + second.readableBytes());
    both.writeBytes(first).writeBytes(second);
    first.release();
    second.release();
    return both;
  }

  /**
   * Lets the taker try again; when it is at work already, it sees the rest by itself.
   *
   * @return whether there was anything to take
   */
  boolean retry() {
    ByteBuf in = bytes;
    if (in == null || taking) {
      return false;
    }
    taking = true;
    try {
      taker.accept(in);
    } finally {
      taking = false;
    }
    if (closed || !in.isReadable()) {
      in.release();
      bytes = null;
    }
    if (!closed && channel.isOpen()) {
      channel.config().setAutoRead(bytes == null);
    }
    return true;
  }

  /** Gives up what waits and what still comes: the connection is gone, or somebody else's. */
  void close() {
    closed = true;
    if (bytes != null && !taking) {
      bytes.release();
      bytes = null;
    }
  }
}
