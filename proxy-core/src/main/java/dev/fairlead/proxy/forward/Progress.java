package dev.fairlead.proxy.forward;

import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.message.ClientStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sees that an exchange moves: as a deadline it runs out when nothing did for a while, and where
 * the client alone is waited for it has to move at a rate. Event loop only.
 */
final class Progress extends Deadline {

  private final Exchange exchange;
  private final ClientStream client;
  private final DeadlineQueue queue;
  private final MinimumRate minRate;
  private @Nullable ClientWatch watch;

  /** Whatever another protocol is about: it lives as long as it moves. */
  private boolean anyRate;

  private Progress(
      Exchange exchange, ClientStream client, DeadlineQueue queue, MinimumRate minRate) {
    this.exchange = exchange;
    this.client = client;
    this.queue = queue;
    this.minRate = minRate;
  }

  /** Begins at once. */
  static Progress begin(
      Exchange exchange, ClientStream client, RouteLimits limits, ForwardContext context) {
    Deadlines.OfLoop queues = context.deadlines().of(client.eventLoop());
    Duration idle = limits.idle().orElse(null);
    Progress progress =
        new Progress(
            exchange,
            client,
            idle == null ? queues.progress() : queues.progress(idle),
            limits.minRate().orElse(context.limits().minRate()));
    progress.again();
    return progress;
  }

  /** Its time begins anew, although it ran out or was stopped. */
  void again() {
    queue.set(this);
  }

  /** How long nothing may move. */
  Duration length() {
    return queue.length();
  }

  /** The rest of the request is what everybody waits for. */
  void requestIsDue() {
    if (!minRate.isAny()) {
      watch().awaitRequest();
    }
  }

  /** Nothing of the request is due, at the moment or any more. */
  void noRequestIsDue() {
    if (watch != null) {
      watch.noRequestIsDue();
    }
  }

  /** It is the client's turn to take what waits. */
  void responseWaits() {
    cancel();
    watch().awaitTaking();
  }

  /** The client has taken what waited. */
  void responseIsTaken() {
    watch().hasTaken();
    again();
  }

  /** What follows on both sides are bytes of another protocol. */
  void switchProtocols() {
    anyRate = true;
  }

  /** The exchange is over. */
  void end() {
    cancel();
    if (watch != null) {
      watch.end();
    }
  }

  @Override
  protected void expired() {
    exchange.stalled();
  }

  private ClientWatch watch() {
    if (watch == null) {
      long bytes = anyRate ? 1 : minRate.bytesIn(queue.length());
      watch = new ClientWatch(client, queue, bytes, exchange::clientIsSlow);
    }
    return watch;
  }
}
