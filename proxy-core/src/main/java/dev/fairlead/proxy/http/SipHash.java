package dev.fairlead.proxy.http;

/**
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012), of numbers: who does not know
 * the key cannot tell its results from random ones, however many others he has seen. For one
 * thread.
 */
final class SipHash {

  /** Of eight bytes, as the last word of the message says it. */
  private static final long LENGTH = 8L << 56;

  private static final int ROUNDS = 2 + 2 + 4 + 4;

  private final long key0;
  private final long key1;
  private long first;
  private long second;

  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Computes it of a number, as eight bytes with the lowest first. */
  void hash(long number) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    for (int round = 0; round < ROUNDS; round++) {
      switch (round) {
        case 0 -> v3 ^= number;
        case 2 -> {
          v0 ^= number;
          v3 ^= LENGTH;
        }
        case 4 -> {
          v0 ^= LENGTH;
          v2 ^= 0xee;
        }
        case 8 -> {
          first = v0 ^ v1 ^ v2 ^ v3;
          v1 ^= 0xdd;
        }
        default -> {}
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32) + v3;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    second = v0 ^ v1 ^ v2 ^ v3;
  }

  /** Its first eight bytes, the lowest first. */
  long first() {
    return first;
  }

  long second() {
    return second;
  }
}
