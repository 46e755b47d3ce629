package dev.fairlead.benchmarks;

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

  static <T> T present(@Nullable T found) {
    if (found == null) {
      throw new AssertionError("result: null (expected: a value)");
    }
    return found;
  }
}
