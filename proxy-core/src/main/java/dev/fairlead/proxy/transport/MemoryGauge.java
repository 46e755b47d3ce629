package dev.fairlead.proxy.transport;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * How much is in use of a memory that has an end. What is asked for beyond it fails, whoever asks:
 * so somebody has to give some back before. Thread-safe.
 */
public final class MemoryGauge {

  private final LongSupplier used;
  private final long limit;
  private volatile Runnable onScarcity = () -> {};

  /**
   * @param used bytes
   * @param limit bytes
   */
  public MemoryGauge(LongSupplier used, long limit) {
    this.used = used;
    this.limit = limit;
  }

  /** What this process has for network buffers ({@code MaxDirectMemorySize}). */
  public static MemoryGauge ofBuffers() {
    return new MemoryGauge(
        PlatformDependent.usedDirectMemory() < 0 ? ofJvm() : PlatformDependent::usedDirectMemory,
        PlatformDependent.maxDirectMemory() > 0
            ? PlatformDependent.maxDirectMemory()
            : PlatformDependent.estimateMaxDirectMemory());
  }

  /** What the JVM counts, where Netty does not take its memory by a way of its own. */
  private static LongSupplier ofJvm() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .<LongSupplier>map(pool -> pool::getMemoryUsed)
        .findFirst()
        .orElse(() -> 0);
  }

  /** Is called by whoever finds the memory to be scarce, on any event loop and very often. */
  public void onScarcity(Runnable action) {
    onScarcity = action;
  }

  /** Bytes in use. */
  public long used() {
    return used.getAsLong();
  }

  /** Bytes there are. */
  public long limit() {
    return limit;
  }

  /** Whether less than a quarter is left; tells who wants to know. Costs a read of memory. */
  public boolean isScarce() {
    if (used() <= limit / 4 * 3) {
      return false;
    }
    onScarcity.run();
    return true;
  }

  /** Whether less than an eighth is left. */
  public boolean isNearlyUsed() {
    return used() > limit / 8 * 7;
  }

  /** How many bytes have to be given back until a third is left; not positive when it is. */
  public long excess() {
    return used() - limit / 3 * 2;
  }
}
