package dev.fairlead.acme.ondemand;

import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What this process knows of a name that is wanted on demand. Thread-safe, without locks. */
final class KnownName {

  static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  /** The longest that clients wait for a certificate to come. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private static final Duration QUESTION = Duration.ofHours(12);

  private final HostPattern host;

  /** What clients wait for; null before the first one came. */
  private final AtomicReference<@Nullable CompletableFuture<Void>> waiting;

  private volatile Instant asked = Instant.MIN;
  private volatile Instant nextQuestion;

  /**
   * @param waiting what clients wait for already, if any do
   */
  KnownName(String name, Optional<CompletableFuture<Void>> waiting, Instant now) {
    this.host = new HostPattern(false, name);
    this.waiting = new AtomicReference<>(waiting.orElse(null));
    this.nextQuestion = nextQuestion(now);
  }

  HostPattern host() {
    return host;
  }

  /** What clients wait for: the same for all of them, with an end soon. */
  static CompletableFuture<Void> window(Duration limit) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * A client came. The first ones wait for the certificate, once; when it does not come in time
   * nobody waits for it any more.
   */
  CompletionStage<Void> arrival(Instant now) {
    asked = now;
    CompletableFuture<Void> known = waiting.get();
    if (known != null) {
      return known;
    }
    CompletableFuture<Void> first = window(LONGEST_WAIT);
    CompletableFuture<Void> other = waiting.compareAndExchange(null, first);
    return other == null ? first : other;
  }

  /** Its certificate is there. */
  void issued() {
    CompletableFuture<Void> before = waiting.getAndSet(NOW);
    if (before != null) {
      before.complete(null);
    }
  }

  /** When a client came last; empty when none has come to this process. */
  Optional<LocalDate> asked() {
    Instant when = asked;
    return when.equals(Instant.MIN) ? Optional.empty() : Optional.of(NameBook.day(when));
  }

  /** Whether it is time to ask again whether it may have a certificate; then it is not for long. */
  boolean isQuestionable(Instant now) {
    if (now.isBefore(nextQuestion)) {
      return false;
    }
    nextQuestion = nextQuestion(now);
    return true;
  }

  /** A day later at most, and not for all at once. */
  private static Instant nextQuestion(Instant now) {
    long chance = ThreadLocalRandom.current().nextLong(QUESTION.toMillis());
    return now.plus(QUESTION).plusMillis(chance);
  }
}
