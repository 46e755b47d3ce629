package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.http2.Http2Upstream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The HTTP/2 connections of one event loop to one endpoint, and who waits for one that is being
 * made. The one that was made first is used first, so that those too many become idle. Event loop
 * only.
 */
final class EndpointConnections {

  /** An app that takes few requests on a connection has many after a busy moment. */
  private static final int MAX_IDLE = 8;

  private final Endpoint endpoint;
  private final LongSupplier nanoTime;
  private final Lifetimes lifetimes;
  private final Connector connector;
  private final List<Member> members = new ArrayList<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean connecting;

  private record Waiting(UpstreamPool.Need need, UpstreamPool.Borrower borrower) {}

  /** Makes a connection. */
  @FunctionalInterface
  interface Connector {
    void connect(
        Endpoint endpoint,
        UpstreamPool.Need need,
        UpstreamConnector.Outcome<Http2Upstream> outcome);
  }

  EndpointConnections(
      Endpoint endpoint, LongSupplier nanoTime, Lifetimes lifetimes, Connector connector) {
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.lifetimes = lifetimes;
    this.connector = connector;
  }

  void acquire(UpstreamPool.Need need, UpstreamPool.Borrower borrower) {
    if (waiting.isEmpty() && give(borrower)) {
      return;
    }
    waiting.add(new Waiting(need, borrower));
    connect(need);
  }

  private boolean give(UpstreamPool.Borrower borrower) {
    for (Member member : members) {
      if (member.connection.room() > 0) {
        borrower.acquired(member.connection.open(), member.connection.hasServed());
        return true;
      }
    }
    return false;
  }

  // One at a time: most of the time it has room for all who wait, but the app has to say so first.
  private void connect(UpstreamPool.Need need) {
    if (!connecting && members.stream().noneMatch(member -> member.connection.isNew())) {
      connecting = true;
      connector.connect(endpoint, need, new Made());
    }
  }

  private void giveToAll() {
    while (!waiting.isEmpty()) {
      // Before it is given, for a borrower may come back at once.
      Waiting next = waiting.remove();
      if (!give(next.borrower)) {
        waiting.addFirst(next);
        connect(next.need);
        return;
      }
    }
  }

  private void failAll(Throwable cause) {
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(one -> one.borrower.failed(cause));
  }

  /**
   * Ends what is too old, or all when the endpoint is no more; what is under way goes on.
   *
   * @param now of {@link System#nanoTime}
   * @return whether nothing is left
   */
  boolean sweep(long now) {
    boolean retired = endpoint.state().isRetired();
    long oldest = now - Http1Connections.MAX_IDLE.toNanos();
    for (Member member : List.copyOf(members)) {
      boolean idle = member.connection.streams() == 0 && member.idleNanos - oldest < 0;
      if (retired || idle || member.isTooOld(now)) {
        member.connection.retire();
      }
    }
    return members.isEmpty() && waiting.isEmpty() && !connecting;
  }

  int idle() {
    return (int) members.stream().filter(member -> member.connection.streams() == 0).count();
  }

  private final class Made implements UpstreamConnector.Outcome<Http2Upstream> {

    @Override
    public void connected(Http2Upstream connection) {
      connecting = false;
      Member member = new Member(connection);
      connection.owner(member);
      members.add(member);
      giveToAll();
    }

    @Override
    public void failed(Throwable cause) {
      connecting = false;
      failAll(cause);
    }
  }

  private final class Member implements Http2Upstream.Owner {

    private final Http2Upstream connection;
    private final long endNanos = lifetimes.endNanos();
    private long idleNanos = nanoTime.getAsLong();

    Member(Http2Upstream connection) {
      this.connection = connection;
    }

    boolean isTooOld(long now) {
      return now - endNanos >= 0;
    }

    @Override
    public void relieved(Http2Upstream of) {
      idleNanos = nanoTime.getAsLong();
      if (isTooOld(idleNanos)) {
        of.retire();
      }
      giveToAll();
      if (of.streams() == 0 && idle() > MAX_IDLE) {
        of.retire();
      }
    }

    @Override
    public void ended(Http2Upstream of) {
      members.remove(this);
      if (of.isNew()) {
        failAll(new ConnectionLostException("the endpoint ended the connection at once"));
      }
    }
  }
}
