package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.HeadBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Keeps what has come of a frame until it is complete. Event loop only. */
final class FrameStore {

  /** A larger store is given back after use: most connections are idle. */
  private static final int KEPT_BYTES = 1024;

  private static final int FIRST_BYTES = 64;
  private static final byte[] NONE = {};

  private final HeadBudget.Share budget;
  private byte[] bytes = NONE;

  FrameStore(HeadBudget.Share budget) {
    this.budget = budget;
  }

  /**
   * Takes bytes up to the end of the frame at most.
   *
   * @param have how many of it are here
   * @param wanted how many it has
   * @return how many are here now
   */
  int collect(ByteBuf in, int have, int wanted) throws ConnectionError {
    int count = Math.min(wanted - have, in.readableBytes());
    reserve(have, have + count, wanted);
    in.readBytes(bytes, have, count);
    return have + count;
  }

  // Not for the whole frame at once: who says that much comes may not send it.
  private void reserve(int have, int needed, int wanted) throws ConnectionError {
    if (needed <= bytes.length) {
      return;
    }
    int larger = Math.max(FIRST_BYTES, Math.max(needed, Math.min(wanted, have * 2)));
    if (!budget.take(larger - bytes.length)) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "no room for more large heads");
    }
    bytes = Arrays.copyOf(bytes, larger);
  }

  byte[] bytes() {
    return bytes;
  }

  int int8(int at) {
    return bytes[at] & 0xff;
  }

  int int16(int at) {
    return int8(at) << 8 | int8(at + 1);
  }

  int int32(int at) {
    return int16(at) << 16 | int16(at + 2);
  }

  long int64(int at) {
    return (long) int32(at) << 32 | Integer.toUnsignedLong(int32(at + 4));
  }

  /** The frame was read. */
  void done() {
    if (bytes.length > KEPT_BYTES) {
      clear();
    }
  }

  /** Gives its memory back. */
  void clear() {
    budget.give(bytes.length);
    bytes = NONE;
  }
}
