package dev.fairlead.acme;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.Attempts;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name's way to a CA's certificate: what is stored and good is used and nothing ordered; else
 * lock, look again, order, store, serve. Used by the name's keeper only, but for {@link #problem},
 * {@link #failures} and {@link #nextAttempt}.
 */
final class AcmeName {

  private static final Logger LOG = LoggerFactory.getLogger(AcmeName.class);

  private final HostPattern host;
  private final Workshop workshop;
  private final Consumer<ServedCertificate> serve;
  private final Set<String> remarked = new HashSet<>();
  private Optional<String> generation = Optional.empty();
  private @Nullable KeyAndChain pair;

  /** The storage has said what it has, if anything. */
  private boolean answered;

  /** What is served is of the copy. */
  private boolean copied;

  /** Issued, but the storage failed before it was kept. */
  private @Nullable KeyAndChain unsaved;

  private volatile Attempts attempts = Attempts.NONE;
  private volatile Optional<String> holder = Optional.empty();

  AcmeName(HostPattern host, Workshop workshop, Consumer<ServedCertificate> serve) {
    this.host = host;
    this.workshop = workshop;
    this.serve = serve;
  }

  /** Why there is no good certificate, if there is none. */
  Optional<String> problem() {
    return attempts.failures() > 0 ? Optional.of(attempts.lastError()) : holder;
  }

  /** How many orders failed in a row. */
  int failures() {
    return attempts.failures();
  }

  /** When the next order may start, if one failed. */
  Optional<Instant> nextAttempt() {
    return attempts.failures() > 0 ? Optional.of(attempts.nextAttempt()) : Optional.empty();
  }

  /**
   * Takes over what is stored when it changed.
   *
   * @return whether there is a certificate to serve
   */
  boolean load() throws StorageException, InterruptedException {
    Optional<LoadedPair> changed = workshop.storage().loadIfChanged(host, generation);
    if (changed.isPresent()) {
      take(changed.get());
    }
    workshop.copy().shareAnswered(host);
    return pair != null;
  }

  /** Whether what was loaded has not ended. */
  boolean isValid(Instant now) {
    KeyAndChain known = pair;
    return known != null && now.isBefore(known.notAfter());
  }

  /**
   * Takes over what the copy has, while the storage cannot be used and has said nothing before.
   *
   * @return whether there is a certificate to serve
   */
  boolean loadCopy() throws InterruptedException {
    if (pair == null && !answered) {
      Optional<KeyAndChain> copy = workshop.copy().take(host).filter(this::isForThisName);
      if (copy.isPresent()) {
        copied = true;
        show(copy.get());
      }
    }
    return pair != null;
  }

  /** Nobody wants the name any more. */
  void forget() {
    workshop.storage().forget(host);
    workshop.copy().shareAnswered(host);
  }

  /**
   * Orders when it is time.
   *
   * @return after what pause to look again
   */
  Duration orderWhenDue() throws StorageException, InterruptedException {
    if (unsaved == null) {
      if (!isDue()) {
        attempts = Attempts.NONE;
        holder = Optional.empty();
        return workshop.pace().settled();
      }
      attempts = workshop.storage().attempts(host);
      if (!RetrySchedule.isOver(attempts.nextAttempt(), workshop.clock().instant())) {
        return workshop.pace().poll();
      }
    }
    if (!workshop.orders().tryAcquire(workshop.pace().poll().toMillis(), MILLISECONDS)) {
      return Duration.ZERO; // others order; look meanwhile whether another instance has it
    }
    try {
      return underLock();
    } finally {
      workshop.orders().release();
    }
  }

  private Duration underLock() throws StorageException, InterruptedException {
    LockName name = LockName.of(host);
    Optional<StorageLock> lock = workshop.locks().tryLock(name);
    if (lock.isEmpty()) {
      holder = Optional.of("another instance orders it: " + workshop.locks().holder(name));
      return workshop.pace().whileOrdered();
    }
    holder = Optional.empty();
    try (StorageLock _ = lock.get()) {
      // Another instance may have ordered since, and this machine may remember an old answer.
      take(workshop.storage().loadFresh(host));
      attempts = workshop.storage().attempts(host);
      KeyAndChain issued = unsaved;
      if (issued != null) {
        keep(issued);
      } else if (isDue()
          && RetrySchedule.isOver(attempts.nextAttempt(), workshop.clock().instant())) {
        order();
      }
    }
    return workshop.pace().poll();
  }

  private void order() throws StorageException, InterruptedException {
    Attempts begun = failed("an order began and did not end", Optional.empty());
    workshop.storage().saveAttempts(host, begun); // whoever dies now does not order again at once
    KeyAndChain issued;
    try {
      issued = workshop.issuer().order(host);
    } catch (IssueException e) {
      attempts = failed(String.valueOf(e.getMessage()), e.retryAfter());
      LOG.warn(
          "certificate of {}: {}; next attempt at {}",
          host,
          attempts.lastError(),
          attempts.nextAttempt());
      workshop.storage().saveAttempts(host, attempts);
      return;
    }
    LOG.info("certificate of {}: issued, good until {}", host, issued.notAfter());
    unsaved = issued;
    show(issued);
    keep(issued);
  }

  private void keep(KeyAndChain issued) throws StorageException, InterruptedException {
    workshop.storage().save(host, issued, workshop.clock().instant());
    unsaved = null;
    workshop.storage().saveAttempts(host, Attempts.NONE);
    attempts = Attempts.NONE;
  }

  private Attempts failed(String error, Optional<Instant> retryAfter) {
    int failures = attempts.failures() + 1;
    Instant next =
        RetrySchedule.next(
            failures,
            workshop.clock().instant(),
            retryAfter,
            ThreadLocalRandom.current().nextDouble());
    return new Attempts(failures, next, error);
  }

  private boolean isDue() {
    KeyAndChain known = pair;
    return known == null
        || RenewalPolicy.isDue(known.notBefore(), known.notAfter(), workshop.clock().instant());
  }

  private void take(LoadedPair loaded) {
    for (String remark : loaded.remarks()) {
      if (remarked.add(remark)) {
        LOG.warn("certificate of {}: {}", host, remark);
      }
    }
    Optional<KeyAndChain> good = loaded.pair().filter(this::isForThisName);
    if (!answered || !loaded.generation().equals(generation)) {
      workshop.copy().loaded(host, loaded, good);
    }
    generation = loaded.generation();
    answered = true;
    if (copied) {
      copied = false;
      pair = good.isPresent() ? pair : null; // the copy never knows better
    }
    if (good.isPresent() && !good.get().equals(pair) && isNewerThanUnsaved(good.get())) {
      unsaved = null;
      show(good.get());
    }
  }

  private boolean isNewerThanUnsaved(KeyAndChain loaded) {
    KeyAndChain issued = unsaved;
    return issued == null || loaded.notAfter().isAfter(issued.notAfter());
  }

  private boolean isForThisName(KeyAndChain loaded) {
    if (Names.covers(loaded.leaf(), host)) {
      return true;
    }
    if (remarked.add("name")) {
      LOG.warn("certificate of {}: what is stored names another host and is ignored", host);
    }
    return false;
  }

  private void show(KeyAndChain next) {
    pair = next;
    serve.accept(ServedCertificate.of(next, Origin.ACME));
  }
}
