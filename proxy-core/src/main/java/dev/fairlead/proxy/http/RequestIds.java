package dev.fairlead.proxy.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes what requests are called: 128 bits that nobody can guess who has seen others, as a count
 * under a key of this process ({@link SipHash}). They are no secret. Thread-safe; threads share
 * nothing while they make them.
 */
final class RequestIds {

  /** Of a thread's own range. */
  private static final int COUNT_BITS = 48;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final AtomicLong threads = new AtomicLong();
  private final ThreadLocal<OfThread> byThread;

  private static final class OfThread {

    private final SipHash hash;
    private long count;

    OfThread(SipHash hash, long first) {
      this.hash = hash;
      this.count = first;
    }

    SipHash next() {
      hash.hash(count++);
      return hash;
    }
  }

  RequestIds(long key0, long key1) {
    byThread =
        ThreadLocal.withInitial(
            () -> new OfThread(new SipHash(key0, key1), threads.getAndIncrement() << COUNT_BITS));
  }

  /** With a key that nobody knows. */
  static RequestIds random() {
    SecureRandom random = new SecureRandom();
    return new RequestIds(random.nextLong(), random.nextLong());
  }

  /**
   * Another one.
   *
   * @return a {@code traceparent} (W3C Trace Context §3.2) without flags, whose {@code trace-id} it
   *     is; the {@code parent-id} is its second half
   */
  byte[] next() {
    SipHash id = byThread.get().next();
    byte[] text = new byte[TraceContext.LENGTH];
    text[0] = text[1] = text[TraceContext.FLAGS] = text[TraceContext.FLAGS + 1] = '0';
    text[2] = text[TraceContext.PARENT_ID - 1] = text[TraceContext.FLAGS - 1] = '-';
    long second = id.second() == 0 ? 1 : id.second(); // a parent-id must not be zero
    hex(id.first(), text, TraceContext.TRACE_ID);
    hex(second, text, TraceContext.TRACE_ID + 16);
    hex(second, text, TraceContext.PARENT_ID);
    return text;
  }

  private static void hex(long bits, byte[] text, int at) {
    for (int i = 0; i < 16; i++) {
      text[at + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 15];
    }
  }
}
