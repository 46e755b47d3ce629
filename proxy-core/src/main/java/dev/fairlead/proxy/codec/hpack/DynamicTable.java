package dev.fairlead.proxy.codec.hpack;

import org.jspecify.annotations.Nullable;

/**
 * The last fields that were sent with indexing (RFC 7541 §2.3.2), as a ring: the newest has index
 * 0, and the oldest leave when there is no room.
 */
final class DynamicTable {

  private final @Nullable Entry[] ring;
  private int newest;
  private int size;
  private long used;
  private int capacity;

  /**
   * @param maxBytes that {@link #resize} will ever set, and what it has at first
   */
  DynamicTable(int maxBytes) {
    this.capacity = maxBytes;
    this.ring = new Entry[(int) (maxBytes / Entry.bytes(0, 0))];
  }

  /** Null when there are not so many. */
  @Nullable Entry get(int index) {
    if (index >= size) {
      return null;
    }
    int at = newest - index;
    return ring[at < 0 ? at + ring.length : at];
  }

  /** Whether a field of these lengths stays when it is added (RFC 7541 §4.4). */
  boolean holds(int nameLength, int valueLength) {
    return Entry.bytes(nameLength, valueLength) <= capacity;
  }

  /** Adds one that the table {@link #holds}. */
  void add(Entry entry) {
    evictTo(capacity - entry.bytes());
    newest = newest + 1 == ring.length ? 0 : newest + 1;
    ring[newest] = entry;
    size++;
    used += entry.bytes();
  }

  void clear() {
    evictTo(0);
  }

  void resize(int bytes) {
    capacity = bytes;
    evictTo(bytes);
  }

  private void evictTo(long bytes) {
    while (used > bytes) {
      int oldest = newest - (size - 1);
      int at = oldest < 0 ? oldest + ring.length : oldest;
      Entry entry = ring[at];
      ring[at] = null;
      size--;
      used -= entry == null ? 0 : entry.bytes();
    }
  }
}
