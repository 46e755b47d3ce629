package dev.fairlead.conformance.growth;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fairlead.proxy.testing.Leaks;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a JVM uses.
 *
 * @param heap bytes that are left of it after a collection
 * @param buffers bytes that Netty's allocator has taken from the system
 * @param direct bytes of all direct memory that Netty has
 * @param files open descriptors
 * @param resident bytes of memory of the process
 */
record Figures(long heap, long buffers, long direct, long files, long threads, long resident) {

  /** Of this JVM; collects garbage first. */
  static Figures now() throws InterruptedException, IOException {
    // Collects until nothing is left that could be.
    Leaks.take();
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Figures(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory(),
        PlatformDependent.usedDirectMemory(),
        system.getOpenFileDescriptorCount(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        ofProcess());
  }

  private static long ofProcess() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(text -> text.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  /** One line, for {@link #parse}. */
  String format() {
    return heap + " " + buffers + " " + direct + " " + files + " " + threads + " " + resident;
  }

  static Figures parse(String line) {
    long[] values = Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    return new Figures(values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  @Override
  public String toString() {
    return "heap %,d KiB, buffers %,d KiB, direct %,d KiB, %d files, %d threads, resident %,d KiB"
        .formatted(heap >> 10, buffers >> 10, direct >> 10, files, threads, resident >> 10);
  }
}
