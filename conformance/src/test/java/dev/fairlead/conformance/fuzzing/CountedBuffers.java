package dev.fairlead.conformance.fuzzing;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Makes buffers and knows at once how many bytes of them were not released: the leak detector of
 * Netty knows only when garbage is collected. All of them are on the heap, as those are made
 * faster. For one thread.
 */
public final class CountedBuffers extends AbstractByteBufAllocator {

  private long live;
  private long peak;

  public CountedBuffers() {
    super(false);
  }

  /** Fails when a buffer is still there. */
  public void allReleased() {
    Oracle.same(live, 0L, "bytes in buffers that nobody released");
  }

  /** The most bytes that there were at the same time. */
  public long peak() {
    return peak;
  }

  private void count(int bytes) {
    live += bytes;
    peak = Math.max(peak, live);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new Counted(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  private final class Counted extends UnpooledHeapByteBuf {

    Counted(int initialCapacity, int maxCapacity) {
      super(CountedBuffers.this, initialCapacity, maxCapacity);
    }

    @Override
    protected byte[] allocateArray(int bytes) {
      count(bytes);
      return super.allocateArray(bytes);
    }

    @Override
    protected void freeArray(byte[] array) {
      count(-array.length);
      super.freeArray(array);
    }
  }
}
