package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was sent of a request's body, as long as that is little: to send it again to another
 * endpoint. Event loop only.
 */
final class SentBody {

  private static final int LEAST_ROOM = 512;

  private final int limit;
  private final BodyBudget budget;
  private byte[] bytes = {};
  private int length;
  private @Nullable Headers trailers;
  private boolean incomplete;

  /**
   * @param limit bytes; 0 to keep nothing
   */
  SentBody(int limit, BodyBudget budget) {
    this.limit = limit;
    this.budget = budget;
  }

  /** These bytes are about to be sent; they are copied. */
  void add(ByteBuf data) {
    int more = data.readableBytes();
    if (incomplete || more == 0) {
      return;
    }
    if (length + more > limit || !hasRoom(length + more)) {
      release();
      return;
    }
    data.getBytes(data.readerIndex(), bytes, length, more);
    length += more;
  }

  private boolean hasRoom(int wanted) {
    if (wanted <= bytes.length) {
      return true;
    }
    int room = Math.min(limit, Math.max(wanted, Math.max(LEAST_ROOM, 2 * bytes.length)));
    if (!budget.take(room - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, room);
    return true;
  }

  /** The body ended. */
  void end(@Nullable Headers with) {
    trailers = with;
  }

  /** Whether all that was sent is here. */
  boolean isWhole() {
    return !incomplete;
  }

  /** A copy of all that was sent. */
  ByteBuf copy() {
    return Unpooled.copiedBuffer(bytes, 0, length);
  }

  boolean isEmpty() {
    return length == 0;
  }

  @Nullable Headers trailers() {
    return trailers;
  }

  /** It is not sent again. Any number of times. */
  void release() {
    incomplete = true;
    budget.give(bytes.length);
    bytes = new byte[0];
    length = 0;
  }
}
