package dev.fairlead.proxy.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Requests as an app saw them, in their order. Thread-safe. */
public final class Requests {

  private static final int LIMIT_SECONDS = 15;

  private final BlockingQueue<Message> seen = new LinkedBlockingQueue<>();

  /** An app that keeps them here and answers 200 with {@code ok}. */
  public Origin origin() {
    return Origin.answering(
        (request, connection) -> {
          add(request);
          Origin.ok(connection, "ok");
        });
  }

  /** To be called by an app that answers in its own way. */
  public void add(Message request) {
    seen.add(request);
  }

  /** The next one, for which it waits. */
  public Message next() throws InterruptedException {
    Message request = seen.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request came to the app");
    }
    return request;
  }

  /** How many came that nobody has asked for yet. */
  public int size() {
    return seen.size();
  }
}
