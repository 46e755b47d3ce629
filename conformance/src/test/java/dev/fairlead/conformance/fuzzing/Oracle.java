package dev.fairlead.conformance.fuzzing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold for every input. Cheap while it does: it is asked thousands of times a second. */
public final class Oracle {

  private Oracle() {}

  public static void holds(boolean condition, String claim) {
    if (!condition) {
      throw new AssertionError("does not hold: " + claim);
    }
  }

  public static void same(@Nullable Object actual, @Nullable Object expected, String what) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(
          "%s%n     is: %s%nbut was: %s".formatted(what, visible(expected), visible(actual)));
    }
  }

  /** With control characters as their codes. */
  private static String visible(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    String.valueOf(value)
        .chars()
        .forEach(
            c -> {
              if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
                text.append("\\x%02x".formatted(c));
              } else {
                text.append((char) c);
              }
            });
    return text.toString();
  }
}
