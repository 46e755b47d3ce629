package dev.fairlead.conformance.growth;

import dev.fairlead.proxy.forward.AccessLog;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * An access log that keeps counts: by the first segment of the path and the status, and whether any
 * request was told twice. Takes the same memory however much is told. Thread-safe.
 */
final class Ended implements AccessLog {

  private final AtomicLongArray told;
  private final AtomicLong toldTwice = new AtomicLong();
  private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * @param ids how many requests have an id, the last segment of their path
   */
  Ended(int ids) {
    told = new AtomicLongArray(ids / Long.SIZE + 1);
  }

  @Override
  public void ended(Entry entry) {
    String path = entry.path();
    String what = path == null ? "-" : path.substring(1, path.indexOf('/', 1));
    counts.computeIfAbsent(what + " " + entry.status(), _ -> new LongAdder()).increment();
    if (path != null) {
      int id = Integer.parseInt(path, path.lastIndexOf('/') + 1, path.length(), 10);
      long bit = 1L << (id % Long.SIZE);
      long before = told.getAndUpdate(id / Long.SIZE, bits -> bits | bit);
      if ((before & bit) != 0) {
        toldTwice.incrementAndGet();
      }
    }
  }

  /** How many requests were told of that had been told of before. */
  long toldTwice() {
    return toldTwice.get();
  }

  Map<String, Long> counts() {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((what, count) -> sums.put(what, count.sum()));
    return sums;
  }
}
