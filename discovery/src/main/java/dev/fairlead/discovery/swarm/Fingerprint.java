package dev.fairlead.discovery.swarm;

/**
 * By what an answer is known again: its length, and two checksums of 32 bits that have nothing to
 * do with each other. Two different answers of the same length agree by chance in one of 2^64
 * cases. They are no signature: whoever knew beforehand what the engine will say next, to the
 * nanosecond of each change, could choose a label with which the sums stay as they are.
 *
 * @param lengthBytes of the whole answer
 * @param checksums one in each half
 */
record Fingerprint(long lengthBytes, long checksums) {

  /** Of no answer. */
  static final Fingerprint NONE = new Fingerprint(0, 0);

  /** Nothing at all is never the same: no engine answers so. */
  boolean isSame(Fingerprint other) {
    return lengthBytes > 0 && equals(other);
  }
}
