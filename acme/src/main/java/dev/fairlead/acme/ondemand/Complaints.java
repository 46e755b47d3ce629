package dev.fairlead.acme.ondemand;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why names that clients came for are not wanted: anybody can cause any number, so the log hears of
 * one a minute, and of the same one once an hour. {@link #add} is for any thread and never waits.
 */
final class Complaints {

  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration SAME = Duration.ofHours(1);

  private final AtomicReference<@Nullable String> last = new AtomicReference<>();

  /** Used by the thread that tells. */
  private String told = "";

  private Instant toldAt = Instant.EPOCH;

  void add(String sentence) {
    last.set(sentence);
  }

  /** Writes to the log what is to be told. One thread only. */
  void tell(Instant now) {
    String sentence = last.getAndSet(null);
    if (sentence == null) {
      return;
    }
    Duration since = Duration.between(toldAt, now);
    if (since.compareTo(sentence.equals(told) ? SAME : PAUSE) >= 0) {
      LOG.warn(sentence);
      told = sentence;
      toldAt = now;
    }
  }
}
