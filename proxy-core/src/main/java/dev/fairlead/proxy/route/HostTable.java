package dev.fairlead.proxy.route;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Hosts by name: a hash table with open addressing. Beside it stand the hashes, so that a look-up
 * in a large table waits for few places of memory; and a name may be the end of a longer text, so
 * that nothing is copied to look for it. Immutable.
 */
final class HostTable {

  private static final int EMPTY = 0;

  /** Spreads what differs in the lower bits only; 2^32 divided by the golden ratio. */
  private static final int SPREAD = 0x9E3779B9;

  private final int[] hashes;
  private final @Nullable Host[] hosts;
  private final int shift;

  /**
   * @param all each name once
   */
  HostTable(Collection<Host> all) {
    // At most half full, and never without an empty slot: there every search ends.
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * all.size());
    this.shift = Integer.SIZE - bits;
    this.hashes = new int[1 << bits];
    this.hosts = new Host[1 << bits];
    for (Host host : all) {
      put(host);
    }
  }

  private void put(Host host) {
    int hash = hash(host.name(), 0);
    int slot = slot(hash);
    while (hashes[slot] != EMPTY) {
      slot = next(slot);
    }
    hashes[slot] = hash;
    hosts[slot] = host;
  }

  /** Finds the host whose name is the rest of {@code text} from a place on. */
  @Nullable Host find(String text, int from) {
    int hash = hash(text, from);
    for (int slot = slot(hash); hashes[slot] != EMPTY; slot = next(slot)) {
      Host host = hosts[slot];
      if (hashes[slot] == hash && host != null && host.isNamed(text, from)) {
        return host;
      }
    }
    return null;
  }

  // That of String, which is the fastest for a whole one and is kept in it.
  private static int hash(String text, int from) {
    int hash = 0;
    if (from == 0) {
      hash = text.hashCode();
    } else {
      for (int i = from; i < text.length(); i++) {
        hash = 31 * hash + text.charAt(i);
      }
    }
    return hash == EMPTY ? 1 : hash;
  }

  private int slot(int hash) {
    return shift == Integer.SIZE ? 0 : (hash * SPREAD) >>> shift;
  }

  private int next(int slot) {
    return (slot + 1) & (hashes.length - 1);
  }
}
