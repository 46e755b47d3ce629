package dev.fairlead.proxy.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the exchanges that were given to one endpoint. Thread-safe. */
public final class Outcomes {

  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong serverErrors = new AtomicLong();
  private final AtomicLong gatewayErrors = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong abandoned = new AtomicLong();
  private final AtomicInteger failuresInARow = new AtomicInteger();

  Outcomes() {}

  /** It answered; 502, 503 and 504 say that it can't do what it is there for. */
  public void answered(int status) {
    answers.incrementAndGet();
    if (status >= 500) {
      serverErrors.incrementAndGet();
    }
    if (status >= 502 && status <= 504) {
      gatewayErrors.incrementAndGet();
      failuresInARow.incrementAndGet();
    } else if (failuresInARow.get() != 0) {
      // Looks before it writes: this is the way of every answer.
      failuresInARow.set(0);
    }
  }

  /** It gave no answer: no connection was made, or it ended, or nothing came for too long. */
  public void lost() {
    lost.incrementAndGet();
    failuresInARow.incrementAndGet();
  }

  /** Nobody waits for the answer any more, which says nothing about the endpoint. */
  public void abandoned() {
    abandoned.incrementAndGet();
  }

  /** How many there were in all, but for those that were abandoned. */
  public long ended() {
    return answers.get() + lost.get();
  }

  /** How many of them were lost, or answered with 502, 503 or 504. */
  public long failures() {
    return lost.get() + gatewayErrors.get();
  }

  /** How many were answered with 5xx. */
  public long serverErrors() {
    return serverErrors.get();
  }

  /** How many failed since the last one that did not. */
  public int failuresInARow() {
    return failuresInARow.get();
  }

  /** How many nothing has become of yet, of so many that were given to the endpoint. */
  int awaited(long given) {
    return (int) Math.max(0, given - ended() - abandoned.get());
  }

  /** What was is forgotten. */
  void forgive() {
    failuresInARow.set(0);
  }
}
