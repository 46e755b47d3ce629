package dev.fairlead.benchmarks;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A wrong result ends the measurement. */
final class Expect {

  private Expect() {}

  static void equal(@Nullable Object found, @Nullable Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError("result: " + found + " (expected: " + expected + ")");
    }
  }

  /** What was written: all of a buffer that is an array. */
  static void bytes(ByteBuf found, byte[] expected) {
    bytes(found.array(), found.readableBytes(), expected);
  }

  /** The first bytes of an array. */
  static void bytes(byte[] found, int length, byte[] expected) {
    if (!Arrays.equals(found, 0, length, expected, 0, expected.length)) {
      throw new AssertionError(
          "result: %s (expected: %s)"
              .formatted(
                  new String(found, 0, length, StandardCharsets.ISO_8859_1),
                  new String(expected, StandardCharsets.ISO_8859_1)));
    }
  }

  static <T> T present(@Nullable T found) {
    if (found == null) {
      throw new AssertionError("result: null (expected: a value)");
    }
    return found;
  }
}
