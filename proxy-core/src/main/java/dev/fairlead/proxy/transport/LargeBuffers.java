package dev.fairlead.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The buffers for large reads of one event loop. Each is made when it is first needed, and used
 * over and over: there are never more, however many bodies pass at a time. Event loop only.
 */
final class LargeBuffers {

  private final ByteBuf[] buffers;
  private final int size;
  private int made;

  /**
   * @param count how many there may be
   * @param size of each, in bytes
   */
  LargeBuffers(int count, int size) {
    this.buffers = new ByteBuf[count];
    this.size = size;
  }

  /** An empty one, or null where all are in use. Who gets it releases it. */
  @Nullable ByteBuf take() {
    // The first ones first: what is touched stays few, and warm in the processor's caches.
    for (int i = 0; i < made; i++) {
      if (buffers[i].refCnt() == 1) {
        return buffers[i].retainedDuplicate();
      }
    }
    if (made == buffers.length) {
      return null;
    }
    ByteBuf buffer = Unpooled.directBuffer(size, size);
    buffers[made++] = buffer;
    return buffer.retainedDuplicate();
  }

  /** Gives them back, each as soon as nobody uses it any more. */
  void release() {
    while (made > 0) {
      buffers[--made].release();
    }
  }
}
