package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.message.ClientStream;
import org.jspecify.annotations.Nullable;

/**
 * Watches a client while something is due from it alone: the rest of its request, or that it takes
 * what waits for it. Then it has to move a number of bytes in each turn of a queue. Time in which
 * the endpoint is waited for does not count. Event loop only.
 */
final class ClientWatch {

  private final ClientStream client;
  private final DeadlineQueue queue;
  private final long bytesPerTurn;
  private final Runnable slow;
  private @Nullable Giving giving;
  private @Nullable Taking taking;

  /**
   * @param queue how long a turn is
   * @param slow called when it did not move as much
   */
  ClientWatch(ClientStream client, DeadlineQueue queue, long bytesPerTurn, Runnable slow) {
    this.client = client;
    this.queue = queue;
    this.bytesPerTurn = bytesPerTurn;
    this.slow = slow;
  }

  /** More of the request is due; nothing when that is known. */
  void awaitRequest() {
    if (giving == null) {
      giving = new Giving();
    }
    if (!giving.isSet()) {
      giving.begin();
    }
  }

  /** Nothing of the request is due, at the moment or any more. */
  void noRequestIsDue() {
    if (giving != null) {
      giving.cancel();
    }
  }

  /** It has to take what waits; nothing when that is known. */
  void awaitTaking() {
    if (taking == null) {
      taking = new Taking();
    }
    if (!taking.isSet()) {
      queue.set(taking);
    }
  }

  /** It has taken so much that more was asked for. */
  void hasTaken() {
    if (taking != null) {
      taking.cancel();
    }
  }

  /** The exchange is over. */
  void end() {
    noRequestIsDue();
    hasTaken();
  }

  private final class Giving extends Deadline {

    private long before;

    void begin() {
      before = client.given();
      queue.set(this);
    }

    @Override
    protected void expired() {
      if (client.given() - before >= bytesPerTurn) {
        begin();
      } else {
        slow.run();
      }
    }
  }

  private final class Taking extends Deadline {

    @Override
    protected void expired() {
      if (client.hasTaken(bytesPerTurn, queue.length())) {
        queue.set(this);
      } else {
        slow.run();
      }
    }
  }
}
