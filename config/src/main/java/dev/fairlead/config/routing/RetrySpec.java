package dev.fairlead.config.routing;

import java.util.Set;

/**
 * How often a request is tried. Whatever it says, nothing is tried again once its answer has begun,
 * and what may have had an effect is only where its method is idempotent (RFC 9110 §9.2.2).
 *
 * @param attempts of a request that was sent, the first one included; 1 or more
 * @param statuses that are as good as no answer, 400 to 599; only where another task is left
 * @param bodyBytes of a request's body that are kept to be sent again; 0 for none
 */
public record RetrySpec(int attempts, Set<Integer> statuses, int bodyBytes) {

  public static final RetrySpec DEFAULT = new RetrySpec(3, Set.of(), 16 * 1024);

  public RetrySpec {
    statuses = Set.copyOf(statuses);
    if (attempts < 1 || bodyBytes < 0) {
      throw new IllegalArgumentException(
          "retry: %d attempts, %d bytes (expected: 1 or more, 0 or more)"
              .formatted(attempts, bodyBytes));
    }
  }
}
