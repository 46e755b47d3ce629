package dev.fairlead.proxy.server;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a proxy, within a time that is given, so that no client loses a request that it need
 * not lose:
 *
 * <ol>
 *   <li>At once every connection is told to come no more ({@code Connection: close} in its next
 *       answer, GOAWAY), but what comes is served, by new connections, too. That is half of the
 *       time, five seconds at most: whoever sends clients here has to notice that this proxy is not
 *       ready any more, and clients that pause between two requests have to come by once.
 *   <li>At the end of that part the ports are closed, new clients being kept away for a moment
 *       before that, in which those who have begun to connect are accepted.
 *   <li>In the rest of the time what was begun goes on, and connections are closed that have been
 *       idle for a moment.
 *   <li>What is left is cut.
 * </ol>
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  /** A request that is on its way gets here within this time, or within an eighth of all. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** Whoever asks for readiness, does so within this time; the rest is for what takes long. */
  private static final Duration WELCOME = Duration.ofSeconds(5);

  private final Connections connections;
  private final List<Listener> listeners;
  private final Duration moment;
  private final long welcomeNanos;
  private final long beginNanos = System.nanoTime();
  private final long limitNanos;

  /**
   * @param limit to the whole
   */
  Drain(Connections connections, List<Listener> listeners, Duration limit) {
    this.connections = connections;
    this.listeners = listeners;
    this.limitNanos = limit.toNanos();
    this.welcomeNanos = Math.min(limitNanos / 2, WELCOME.toNanos());
    Duration eighth = limit.dividedBy(8);
    this.moment = eighth.compareTo(MOMENT) < 0 ? eighth : MOMENT;
  }

  /**
   * Does all of it. Blocks.
   *
   * @return how many connections had to be cut
   */
  int run() throws InterruptedException {
    connections.drain();
    if (listeners.stream().anyMatch(Listener::isActive)) {
      // What the two sides say to each other until they are connected takes less than the rest of
      // a moment; a SYN that was dropped comes again after a second, and is not dropped twice.
      sleepUntil(welcomeNanos - moment.toNanos() / 2);
      listeners.forEach(Listener::keepNewClientsAway);
      sleepUntil(welcomeNanos);
      for (Listener listener : listeners) {
        listener.acceptTheRest();
      }
    }
    listeners.forEach(Listener::close);
    LOG.info("stopping: the ports are closed, {} connections are open", connections.size());
    while (leftNanos(limitNanos) > 0) {
      connections.closeIdle();
      if (connections.awaitEnd(Math.min(moment.toNanos(), leftNanos(limitNanos)))) {
        break;
      }
    }
    return connections.cut();
  }

  private void sleepUntil(long nanos) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, leftNanos(nanos))));
  }

  private long leftNanos(long until) {
    return until - (System.nanoTime() - beginNanos);
  }
}
