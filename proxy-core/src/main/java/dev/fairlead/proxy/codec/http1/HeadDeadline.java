package dev.fairlead.proxy.codec.http1;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.deadline.Deadlines;
import java.time.Duration;

/**
 * What a client's connection waits for outside of an exchange: a head that has begun must be
 * complete in time, a connection that waits for its next request is closed in the end, and so is
 * one whose last response does not get through.
 */
final class HeadDeadline extends Deadline {

  private enum Awaited {
    FIRST_BYTE,
    NEXT_REQUEST,
    HEAD,
    CLOSE
  }

  private final Deadlines.OfLoop queues;
  private final LimitSettings limits;
  private final Http1Server server;
  private Awaited awaited = Awaited.FIRST_BYTE;

  HeadDeadline(Deadlines.OfLoop queues, LimitSettings limits, Http1Server server) {
    this.queues = queues;
    this.limits = limits;
    this.server = server;
  }

  /** The connection is new: its first head counts from now. */
  void awaitFirst() {
    awaited = Awaited.FIRST_BYTE;
    queues.head().set(this);
  }

  /** A response has ended: the next head counts from its first byte. */
  void awaitNext() {
    awaited = Awaited.NEXT_REQUEST;
    server.outflow().begin();
    queues.keepAlive().set(this);
  }

  /** A part of a head has come. */
  void awaitRest() {
    if (awaited == Awaited.FIRST_BYTE) {
      awaited = Awaited.HEAD;
    } else if (awaited != Awaited.HEAD || !isSet()) {
      awaited = Awaited.HEAD;
      queues.head().set(this);
    }
  }

  /** The last response was written, and has this long to get to the client. */
  void awaitClose() {
    awaited = Awaited.CLOSE;
    server.outflow().begin();
    queues.keepAlive().set(this);
  }

  // The time of a slow reader begins when it has got its response.
  private boolean isTaking() {
    Duration turn = queues.keepAlive().length();
    return server.outflow().hasMoved(server.channel(), limits.minRate().bytesIn(turn), turn);
  }

  @Override
  protected void expired() {
    if (awaited == Awaited.HEAD) {
      server.headIsLate();
    } else if (awaited != Awaited.FIRST_BYTE && isTaking()) {
      queues.keepAlive().set(this);
    } else {
      server.channel().close();
    }
  }
}
