package dev.fairlead.proxy.codec;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a channel on their way to who takes them. While it is shut nothing is taken and the
 * channel is not read; what comes all the same (a decoder makes several messages out of one read)
 * waits here. Taking never nests, however often the taker shuts and opens it meanwhile, so that a
 * long pipeline of requests costs no stack. Event loop only.
 */
final class Inbox {

  /** Who takes the messages, one at a time. */
  interface Taker {

    /**
     * Takes a message, and owns it then.
     *
     * @return false when it has to wait; then the inbox is shut
     */
    boolean take(Object message);

    /** All that had waited was taken, outside of a read of the channel. */
    void taken();
  }

  private final Channel channel;
  private final Taker taker;
  private final Deque<Object> waiting = new ArrayDeque<>(4);
  private boolean open;
  private boolean taking;
  private boolean closed;

  Inbox(Channel channel, Taker taker) {
    this.channel = channel;
    this.taker = taker;
  }

  void add(Object message) {
    if (closed) {
      ReferenceCountUtil.release(message);
      return;
    }
    waiting.add(message);
    handOn();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void shut() {
    open = false;
    channel.config().setAutoRead(false);
  }

  /** What waits is taken now, or when the message that is being taken is done with. */
  void open() {
    open = true;
    boolean any = !waiting.isEmpty();
    if (handOn() && any) {
      taker.taken();
    }
  }

  /** Gives up what waits and what still comes: the channel is gone. */
  void close() {
    closed = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private boolean handOn() {
    if (taking) {
      return false;
    }
    taking = true;
    try {
      for (Object next = next(); next != null; next = next()) {
        if (!taker.take(next)) {
          waiting.addFirst(next);
          shut();
        }
      }
    } finally {
      taking = false;
    }
    if (open && channel.isOpen()) {
      channel.config().setAutoRead(true);
    }
    return true;
  }

  private @Nullable Object next() {
    return open ? waiting.poll() : null;
  }
}
