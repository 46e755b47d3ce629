package dev.fairlead.app.log;

import dev.fairlead.proxy.forward.AccessLog;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each exchange on a thread of its own. Event loops only put an entry into a
 * bounded queue; when that is full the entry is dropped, counted and told of.
 */
public final class AccessLogWriter implements AccessLog, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AccessLogWriter.class);

  private static final int QUEUE = 8192;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private record Timed(Entry entry, long epochMillis) {}

  private final BlockingQueue<Timed> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong dropped = new AtomicLong();
  private final PrintStream out;
  private final InstantSource clock;
  private final BiFunction<Entry, Long, String> format;
  private final Thread writer;

  /**
   * Starts the writer.
   *
   * @param format makes a line out of an entry and the milliseconds since 1970
   */
  public AccessLogWriter(
      PrintStream out, InstantSource clock, BiFunction<Entry, Long, String> format) {
    this.out = out;
    this.clock = clock;
    this.format = format;
    this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
  }

  @Override
  public void ended(Entry entry) {
    if (!queue.offer(new Timed(entry, clock.millis()))) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException closed) {
      for (Timed next = queue.poll(); next != null; next = queue.poll()) {
        write(next);
      }
    }
  }

  private void write(Timed next) {
    out.println(format.apply(next.entry, next.epochMillis));
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      LOG.warn("{} lines of the access log were dropped: the output is too slow", lost);
    }
  }

  /** Writes what is queued, for a second at most. */
  @Override
  public void close() {
    writer.interrupt();
    try {
      writer.join(CLOSE_LIMIT);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
