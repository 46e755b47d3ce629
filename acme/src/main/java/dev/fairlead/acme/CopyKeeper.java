package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.CertificateCopy;
import dev.fairlead.acme.store.CopiedName;
import dev.fairlead.acme.store.LoadedPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the copy of the certificates follow what is loaded from the share, on a virtual thread of
 * its own: no name waits for it. Where no copy is to be kept it does nothing.
 */
final class CopyKeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(CopyKeeper.class);

  /**
   * How often it is noted which names are wanted; the first time as long after a start, when all
   * providers have said theirs.
   */
  static final Duration SWEEP = Duration.ofHours(1);

  private final Optional<CertificateCopy> copy;
  private final InstantSource clock;
  private final Pace pace;
  private final Supplier<Optional<Collection<CopiedName>>> wanted;
  private final Semaphore changes = new Semaphore(0);

  /** What is still to be done, by its last word: empty where the share has nothing. */
  private final Map<CopiedName, Optional<KeyAndChain>> pending = new LinkedHashMap<>();

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param pace it begins after {@code poll}, as a start has better to do, and looks at the clock
   *     after {@code settled}
   * @param wanted the names that may have a certificate by ACME, at each CA; empty until it was
   *     said
   */
  CopyKeeper(
      Optional<CertificateCopy> copy,
      InstantSource clock,
      Pace pace,
      Supplier<Optional<Collection<CopiedName>>> wanted) {
    this.copy = copy;
    this.clock = clock;
    this.pace = pace;
    this.wanted = wanted;
  }

  /** What a name had when the share was last there, while that is away. Blocks. */
  Optional<KeyAndChain> take(CopiedName name) throws InterruptedException {
    return copy.isPresent() ? copy.get().take(name, clock.instant()) : Optional.empty();
  }

  /** The share says itself what a name has, or nobody wants to know any more. */
  void shareAnswered(CopiedName name) {
    copy.ifPresent(known -> known.shareAnswered(name));
  }

  /**
   * Tells what was loaded from the share.
   *
   * @param good what of it can be served
   */
  void loaded(CopiedName name, LoadedPair loaded, Optional<KeyAndChain> good) {
    // What is only damaged there may be whole here.
    boolean nothing =
        loaded.pair().isEmpty() && loaded.generation().isEmpty() && loaded.remarks().isEmpty();
    if (copy.isPresent() && (nothing || good.isPresent())) {
      synchronized (pending) {
        pending.put(name, good);
      }
      changes.release();
    }
  }

  @Override
  public void run() {
    if (copy.isEmpty()) {
      return;
    }
    try {
      Thread.sleep(pace.poll());
      Instant swept = clock.instant();
      while (true) {
        if (changes.tryAcquire(pace.settled().toMillis(), TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
        follow(copy.get());
        Instant now = clock.instant();
        if (!now.isBefore(swept.plus(SWEEP))) {
          swept = now;
          sweep(copy.get(), now);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private void follow(CertificateCopy known) throws InterruptedException {
    Map<CopiedName, Optional<KeyAndChain>> now;
    synchronized (pending) {
      now = new LinkedHashMap<>(pending);
      pending.clear();
    }
    Optional<Set<CopiedName>> served =
        now.isEmpty() ? Optional.empty() : wanted.get().map(Set::copyOf);
    for (Map.Entry<CopiedName, Optional<KeyAndChain>> name : now.entrySet()) {
      if (served.isPresent() && !served.get().contains(name.getKey())) {
        continue; // it is looked after until it is archived, and is of no use at a start
      }
      if (!follow(known, name.getKey(), name.getValue())) {
        synchronized (pending) {
          pending.putIfAbsent(name.getKey(), name.getValue());
        }
      }
    }
  }

  private boolean follow(CertificateCopy known, CopiedName name, Optional<KeyAndChain> share)
      throws InterruptedException {
    try {
      return share.isPresent()
          ? known.keep(name, share.get(), clock.instant())
          : known.remove(name);
    } catch (RuntimeException e) {
      LOG.error("certificate of {}: it could not be copied", name.host(), e);
      return true;
    }
  }

  private void sweep(CertificateCopy known, Instant now) throws InterruptedException {
    Optional<Collection<CopiedName>> names = wanted.get();
    if (names.isPresent()) {
      known.sweep(names.get(), now);
    }
  }
}
