package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.TrustSettings;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The way of a request as it is found out, from its end: each proxy appends the one it was asked
 * by. What stands before the first that is not trusted, or before what cannot be read, is anybody's
 * invention.
 */
final class Chain {

  /** Before the peer; what stands before them is left out. */
  private static final int MAX_ADDRESSES = 32;

  private final TrustSettings trust;
  private final Deque<String> addresses;

  Chain(String peer, TrustSettings trust) {
    this.trust = trust;
    this.addresses = new ArrayDeque<>(List.of(peer));
  }

  /**
   * Takes what the first of the chain says of the one before.
   *
   * @return whether that one is believed, too
   */
  boolean precede(String node) {
    Optional<String> address = NodeAddress.parse(node);
    if (address.isEmpty() || addresses.size() > MAX_ADDRESSES) {
      return false;
    }
    addresses.addFirst(address.get());
    return trust.includes(InetAddress.ofLiteral(address.get()));
  }

  /** The visitor first, the peer last. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }
}
