package dev.fairlead.acme;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.local.LocalAuthority;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.config.routing.HostPattern;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the local CA and the certificate for visitors whose host is not served, on a virtual
 * thread of its own.
 */
final class LocalCaKeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalCaKeeper.class);
  private static final HostPattern NOBODY = new HostPattern(false, "fairlead.invalid");

  /** A storage that hangs, or a Docker that does, must not keep it away for longer. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final LocalCa localCa;
  private final Clock clock;
  private final Duration poll;
  private final Future<?> turn;
  private final Runnable onChange;
  private volatile @Nullable ServedCertificate fallback;

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param turn what the first {@link #fallback} waits for: a start has better to do than to make
   *     keys for nobody
   * @param onChange called when there is another CA or another {@link #fallback}
   */
  LocalCaKeeper(LocalCa localCa, Clock clock, Duration poll, Future<?> turn, Runnable onChange) {
    this.localCa = localCa;
    this.clock = clock;
    this.poll = poll;
    this.turn = turn;
    this.onChange = onChange;
  }

  /** The certificate of {@code fairlead.invalid}; empty before the first CA is there. */
  Optional<ServedCertificate> fallback() {
    return Optional.ofNullable(fallback);
  }

  @Override
  public void run() {
    try {
      while (true) {
        look();
        Thread.sleep(poll);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private void look() throws InterruptedException {
    try {
      boolean changed = localCa.refresh();
      if (changed) {
        onChange.run();
      }
      if (changed || isDue(fallback)) {
        awaitTurn();
        LocalAuthority authority = localCa.await();
        fallback = ServedCertificate.of(authority.issue(NOBODY, clock.instant()), Origin.LOCAL);
        onChange.run();
      }
    } catch (RuntimeException e) {
      LOG.error("The local CA cannot be used, the next look follows", e);
    }
  }

  private boolean isDue(@Nullable ServedCertificate known) {
    return known == null
        || RenewalPolicy.isDue(known.notBefore(), known.notAfter(), clock.instant());
  }

  private void awaitTurn() throws InterruptedException {
    try {
      turn.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      // Then what is served at all is the fallback.
    }
  }
}
