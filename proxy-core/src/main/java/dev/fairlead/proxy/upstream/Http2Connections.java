package dev.fairlead.proxy.upstream;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.codec.http2.Http2Upstream;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Connections that carry many requests at a time, of one event loop. One more is made when all
 * others are full; those that nobody needs are closed. All methods on the loop.
 */
final class Http2Connections {

  private final EventLoop loop;
  private final UpstreamConnector connector;
  private final LongSupplier nanoTime;
  private final Lifetimes lifetimes;
  private final Map<Endpoint, EndpointConnections> byEndpoint = new HashMap<>();

  Http2Connections(
      EventLoop loop, UpstreamConnector connector, LongSupplier nanoTime, Lifetimes lifetimes) {
    this.loop = loop;
    this.connector = connector;
    this.nanoTime = nanoTime;
    this.lifetimes = lifetimes;
  }

  /** Finds room on a connection, or makes one. */
  void acquire(Endpoint endpoint, UpstreamPool.Need need, UpstreamPool.Borrower borrower) {
    byEndpoint
        .computeIfAbsent(
            endpoint, key -> new EndpointConnections(key, nanoTime, lifetimes, this::connect))
        .acquire(need, borrower);
  }

  private void connect(
      Endpoint endpoint, UpstreamPool.Need need, UpstreamConnector.Outcome<Http2Upstream> outcome) {
    boolean secure = endpoint.upstream().scheme().isTls();
    connector.connect(
        loop,
        endpoint,
        need,
        channel -> new Http2Upstream(channel, secure, connector.heads()),
        outcome);
  }

  /** Closes what is too old and what leads to an endpoint that is no more. */
  void sweep() {
    long now = nanoTime.getAsLong();
    byEndpoint.values().removeIf(connections -> connections.sweep(now));
  }

  int idleConnections() {
    return byEndpoint.values().stream().mapToInt(EndpointConnections::idle).sum();
  }
}
