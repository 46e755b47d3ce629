package dev.fairlead.acme.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What a CA lets an account have, counted in sliding windows: stricter at their edges than the
 * token buckets of Let's Encrypt, and written in another way than the budget that it checks.
 */
final class Limits {

  private record Kind(String what, String whose) {}

  private final Map<Kind, Deque<Instant>> spent = new HashMap<>();

  /** Whether one more is within {@code most} of {@code period}; counts it when it is. */
  boolean spend(String what, String whose, int most, Duration period, Instant now) {
    Deque<Instant> moments = spent.computeIfAbsent(new Kind(what, whose), _ -> new ArrayDeque<>());
    while (!moments.isEmpty() && !moments.getFirst().isAfter(now.minus(period))) {
      moments.removeFirst();
    }
    if (moments.size() >= most) {
      return false;
    }
    moments.addLast(now);
    return true;
  }
}
