package dev.fairlead.app.log;

import dev.fairlead.proxy.forward.AccessLog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each exchange on a thread of its own, many with one system call. Event loops
 * only put an entry into a bounded queue, without a lock; when that is full the entry is dropped,
 * counted and told of.
 */
public final class AccessLogWriter implements AccessLog, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AccessLogWriter.class);

  private static final int QUEUE = 8192;
  private static final int WRITE_AT_CHARS = 32 * 1024;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  /** How late a line may be, so that a busy proxy wakes the writer 100 times a second at most. */
  private static final Duration LINGER = Duration.ofMillis(10);

  private record Timed(Entry entry, long epochMillis) {}

  private final Queue<Timed> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final PrintStream out;
  private final InstantSource clock;
  private final AccessLineFormat format;
  private final Thread writer;
  private final StringBuilder lines = new StringBuilder();

  /** The writer waits for somebody to wake it. */
  private volatile boolean asleep;

  private volatile boolean closed;

  /** Starts the writer. */
  public AccessLogWriter(PrintStream out, InstantSource clock, AccessLineFormat format) {
    this.out = out;
    this.clock = clock;
    this.format = format;
    this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
  }

  @Override
  public void ended(Entry entry) {
    if (queued.incrementAndGet() > QUEUE) {
      queued.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    queue.add(new Timed(entry, clock.millis()));
    if (asleep) {
      asleep = false;
      LockSupport.unpark(writer);
    }
  }

  private void run() {
    while (!closed) {
      writeQueued();
      asleep = true;
      if (queue.isEmpty() && !closed) {
        LockSupport.park(this);
      }
      asleep = false;
      if (!closed) {
        LockSupport.parkNanos(this, LINGER.toNanos());
      }
    }
    writeQueued();
  }

  private void writeQueued() {
    for (Timed next = queue.poll(); next != null; next = queue.poll()) {
      queued.decrementAndGet();
      format.append(next.entry, next.epochMillis, lines);
      if (lines.length() >= WRITE_AT_CHARS) {
        writeLines();
      }
    }
    writeLines();
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      LOG.warn("{} lines of the access log were dropped: the output is too slow", lost);
    }
  }

  private void writeLines() {
    if (!lines.isEmpty()) {
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      out.write(bytes, 0, bytes.length);
      out.flush();
      lines.setLength(0);
    }
  }

  /** Writes what is queued, for a second at most. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(CLOSE_LIMIT);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
