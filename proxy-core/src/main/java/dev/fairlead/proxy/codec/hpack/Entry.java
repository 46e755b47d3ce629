package dev.fairlead.proxy.codec.hpack;

/** A field in a table. Its arrays are never written to again. */
final class Entry {

  private static final int OVERHEAD_BYTES = 32;

  final byte[] name;
  final byte[] value;

  Entry(byte[] name, byte[] value) {
    this.name = name;
    this.value = value;
  }

  /** What it counts as in a table (RFC 7541 §4.1). */
  long bytes() {
    return bytes(name.length, value.length);
  }

  static long bytes(int nameLength, int valueLength) {
    return (long) nameLength + valueLength + OVERHEAD_BYTES;
  }
}
