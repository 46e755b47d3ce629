package dev.fairlead.config.bootstrap;

/**
 * What apps are told of a request, beside what the visitor sent.
 *
 * @param header the fields that say who asks
 * @param newTrace what an app gets when a request belongs to no trace yet
 */
public record ForwardedSettings(Header header, NewTrace newTrace) {

  /** In which fields apps are told who asks, by which scheme, and for which host. */
  public enum Header {
    /**
     * {@code X-Forwarded-For}, {@code -Proto}, {@code -Host}, {@code -Port} and {@code X-Real-IP}.
     */
    X_FORWARDED,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED,
    BOTH
  }

  /** The {@code traceparent} that is made where none came. */
  public enum NewTrace {
    /** Apps record it. */
    SAMPLED,
    /** Apps that go by their caller don't record it. */
    UNSAMPLED,
    /** None is made. */
    OFF
  }
}
