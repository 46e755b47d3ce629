package dev.fairlead.acme;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.local.LocalAuthority;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.config.routing.HostPattern;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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

  private final LocalCa localCa;
  private final Clock clock;
  private final Duration poll;
  private final Runnable onChange;
  private volatile @Nullable ServedCertificate fallback;

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param onChange called when there is another CA or another {@link #fallback}
   */
  LocalCaKeeper(LocalCa localCa, Clock clock, Duration poll, Runnable onChange) {
    this.localCa = localCa;
    this.clock = clock;
    this.poll = poll;
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
      ServedCertificate known = fallback;
      if (changed
          || known == null
          || RenewalPolicy.isDue(known.notBefore(), known.notAfter(), clock.instant())) {
        LocalAuthority authority = localCa.await();
        fallback = ServedCertificate.of(authority.issue(NOBODY, clock.instant()), Origin.LOCAL);
        onChange.run();
      }
    } catch (RuntimeException e) {
      LOG.error("The local CA cannot be used, the next look follows", e);
    }
  }
}
