package dev.fairlead.proxy.testing;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Every leak that Netty notices in this JVM: a buffer (or another counted thing) that was collected
 * as garbage before it was released. Needs {@code io.netty.leakDetection.level=paranoid}.
 */
public final class Leaks {

  private static final Duration GC_LIMIT = Duration.ofSeconds(10);
  private static final int ROUNDS = 2;

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  private Leaks() {}

  /** Makes Netty report here; before the first buffer of the JVM is made. */
  static void watch() {
    if (!ResourceLeakDetector.getLevel().equals(ResourceLeakDetector.Level.PARANOID)) {
      throw new IllegalStateException(
          "io.netty.leakDetection.level: %s (expected: paranoid)"
              .formatted(ResourceLeakDetector.getLevel()));
    }
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
  }

  /**
   * Collects garbage and takes what was found since the last call. What is still referenced is no
   * leak yet.
   */
  public static List<String> take() throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      collectGarbage();
      // The detectors look at what was collected when the next resource is made.
      ByteBufAllocator.DEFAULT.heapBuffer(16).release();
      ByteBufAllocator.DEFAULT.directBuffer(16).release();
    }
    List<String> found = new ArrayList<>();
    for (String leak = FOUND.poll(); leak != null; leak = FOUND.poll()) {
      found.add(leak);
    }
    return found;
  }

  // Returns when the collector has dealt with references that were made before.
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
    try {
      long end = System.nanoTime() + GC_LIMIT.toNanos();
      do {
        System.gc();
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException("garbage was not collected within " + GC_LIMIT);
        }
      } while (queue.remove(100) == null);
    } finally {
      Reference.reachabilityFence(sentinel);
    }
  }

  private static final class Factory extends ResourceLeakDetectorFactory {

    @Override
    @SuppressWarnings("deprecation")
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Recorder<>(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Recorder<>(resource, samplingInterval);
    }
  }

  private static final class Recorder<T> extends ResourceLeakDetector<T> {

    Recorder(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String type, @Nullable String records) {
      FOUND.add(type + " was not released. Where it was seen: " + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
      FOUND.add(type + " was not released");
    }
  }
}
