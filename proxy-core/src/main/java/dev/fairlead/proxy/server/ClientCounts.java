package dev.fairlead.proxy.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections each client has. A client is an address; with IPv6 a network of 64 bits, as
 * one subscriber has all of its addresses. Takes memory for those only who have one. Thread-safe.
 */
final class ClientCounts {

  private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();
  private final int limit;

  ClientCounts(int limit) {
    this.limit = limit;
  }

  /** Counts one more, if the client may have it; {@link #remove} must follow then. */
  boolean add(InetAddress address) {
    boolean[] added = new boolean[1];
    counts.compute(
        client(address),
        (_, count) -> {
          int now = count == null ? 0 : count;
          added[0] = now < limit;
          return added[0] ? Integer.valueOf(now + 1) : count;
        });
    return added[0];
  }

  /** One that was counted has ended. */
  void remove(InetAddress address) {
    counts.computeIfPresent(client(address), (_, count) -> count == 1 ? null : count - 1);
  }

  /** How many clients have a connection. */
  int clients() {
    return counts.size();
  }

  private static Object client(InetAddress address) {
    return address instanceof Inet6Address
        ? ByteBuffer.wrap(address.getAddress()).getLong()
        : address;
  }
}
