package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What clients and apps tell each other of a request behind the proxy's back, so that both break
 * off at a known point. Thread-safe.
 */
final class Signals {

  private static final int LIMIT_SECONDS = 60;

  private final ConcurrentHashMap<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

  /** Somebody will wait for {@code signal}; to be called before it can be given. */
  void expect(String signal) {
    awaited.put(signal, new CountDownLatch(1));
  }

  /** Gives it; nothing happens where nobody expects it. */
  void give(String signal) {
    CountDownLatch latch = awaited.get(signal);
    if (latch != null) {
      latch.countDown();
    }
  }

  /** Waits for it. */
  void await(String signal) throws IOException {
    CountDownLatch latch = awaited.get(signal);
    try {
      if (latch == null || !latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the signal did not come: " + signal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      awaited.remove(signal);
    }
  }

  /** A client has read the head of the response to this path. */
  static String headRead(String path) {
    return path + " head";
  }

  /** The proxy has ended the connection on which the app answers this path. */
  static String ended(String path) {
    return path + " ended";
  }
}
