package dev.fairlead.acme;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.local.LocalAuthority;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one name: serves what is stored, the local CA's certificate until there is something,
 * and lets order what is missing or due. Works on a virtual thread of its own, which ends when the
 * name is in order: a thousand waiting ones are megabytes. Then it rests until {@link #wake}. All
 * methods may be called by any thread.
 */
final class NameKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(NameKeeper.class);

  private final WantedName name;
  private final Workshop workshop;
  private final Runnable onChange;

  /** Why none can be ordered. */
  private final Optional<String> unfit;

  private final Optional<AcmeCertificate> acme;
  private final Semaphore wakeUp = new Semaphore(0);
  private volatile @Nullable ServedCertificate served;
  private volatile boolean looked;
  private @Nullable LocalAuthority signer;

  /** Null while it rests. Guarded by this, as is {@link #ended}. */
  private @Nullable Thread worker;

  private boolean ended;

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param before what was served for the host until now, if anything
   * @param onChange called when {@link #served} or {@link #hasLooked} has changed
   */
  NameKeeper(
      WantedName name, Workshop workshop, Optional<ServedCertificate> before, Runnable onChange) {
    this.name = name;
    this.served = before.orElse(null);
    this.workshop = workshop;
    this.onChange = onChange;
    this.unfit = name.mode() == TlsMode.ACME ? unfit(name, workshop) : Optional.empty();
    this.acme =
        name.mode() == TlsMode.ACME && CertificateStorage.isStorable(name.host())
            ? Optional.of(new AcmeCertificate(name, workshop, this::serve))
            : Optional.empty();
  }

  /** A certificate cannot be ordered when one of its names is none that a CA can reach. */
  private static Optional<String> unfit(WantedName name, Workshop workshop) {
    return name.all().stream()
        .map(each -> PublicName.problem(each, workshop.privateCa(), workshop.dns()))
        .flatMap(Optional::stream)
        .findFirst()
        .map(name::waiting);
  }

  WantedName name() {
    return name;
  }

  HostPattern host() {
    return name.host();
  }

  /** What is served now; empty before the first look ended. */
  Optional<ServedCertificate> served() {
    return Optional.ofNullable(served);
  }

  /** Whether it was seen what is stored, or that it cannot be seen, or nobody wants it any more. */
  boolean hasLooked() {
    return looked;
  }

  /** Whether the storage may have a certificate for it. */
  boolean isByAcme() {
    return acme.isPresent();
  }

  CertificateStatus status() {
    Optional<ServedCertificate> now = served();
    Optional<AcmeCertificate> signed =
        acme.filter(_ -> now.map(ServedCertificate::origin).equals(Optional.of(Origin.ACME)));
    return new CertificateStatus(
        host(),
        name.mode(),
        now.map(ServedCertificate::origin),
        signed.flatMap(AcmeCertificate::directory),
        now.map(ServedCertificate::notBefore),
        now.map(ServedCertificate::notAfter),
        signed
            .flatMap(AcmeCertificate::renewAt)
            .or(() -> now.map(each -> RenewalPolicy.renewAt(each.notBefore(), each.notAfter()))),
        unfit.or(() -> acme.flatMap(AcmeCertificate::problem)),
        acme.map(AcmeCertificate::failures).orElse(0),
        acme.flatMap(AcmeCertificate::nextAttempt));
  }

  /** Begins to look after the name. Once. */
  void start() {
    if (!name.isTakenOver()) { // else the name that orders says it
      unfit.ifPresent(LOG::warn);
    }
    wake();
  }

  /** Lets it look again soon. */
  synchronized void wake() {
    if (worker != null) {
      wakeUp.release();
    } else if (!ended) {
      worker = Thread.ofVirtual().name("certificate-" + host()).start(this::work);
    }
  }

  /**
   * Ends it: nobody wants the name any more.
   *
   * @return the thread that was interrupted at its work, if any
   */
  synchronized Optional<Thread> end() {
    if (!ended) {
      ended = true;
      if (worker == null) {
        leave();
      } else {
        worker.interrupt();
      }
    }
    return Optional.ofNullable(worker);
  }

  private void work() {
    try {
      while (true) {
        Duration pause = look();
        if (pause.compareTo(workshop.pace().settled()) < 0) {
          wakeUp.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        } else if (rests()) {
          return;
        }
        wakeUp.drainPermits();
      }
    } catch (InterruptedException e) {
      leave();
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean rests() throws InterruptedException {
    if (ended) {
      throw new InterruptedException("ended at the end of a look");
    }
    if (wakeUp.availablePermits() > 0) {
      return false;
    }
    worker = null;
    return true;
  }

  private void leave() {
    acme.ifPresent(AcmeCertificate::forget);
    seen();
  }

  private Duration look() throws InterruptedException {
    try {
      if (!servesStored()) {
        serveLocal();
      }
      seen();
      return acme.isPresent() && unfit.isEmpty()
          ? acme.get().orderWhenDue()
          : workshop.pace().settled();
    } catch (StorageException e) {
      serveWithoutStorage(); // the storage itself says what is wrong with it
    } catch (RuntimeException | Error e) { // else nobody would look after the name any more
      LOG.error("certificate of {}: a look failed, the next follows", host(), e);
    }
    seen();
    return workshop.pace().poll();
  }

  /** What cannot be ordered may have been imported: it is served until it ends. */
  private boolean servesStored() throws StorageException, InterruptedException {
    return acme.isPresent()
        && (acme.get().load() || acme.get().restore())
        && (unfit.isEmpty() || acme.get().isValid(workshop.clock().instant()));
  }

  private void seen() {
    if (!looked) {
      looked = true;
      onChange.run();
    }
  }

  private void serveWithoutStorage() throws InterruptedException {
    ServedCertificate now = served;
    boolean nothing = now == null || now.origin() == Origin.LOCAL;
    if (nothing && (acme.isEmpty() || !acme.get().loadCopy())) {
      serveLocal();
    }
  }

  private void serveLocal() throws InterruptedException {
    LocalAuthority authority = workshop.localCa().await();
    Instant now = workshop.clock().instant();
    ServedCertificate known = served;
    if (known == null
        || known.origin() != Origin.LOCAL
        || !authority.equals(signer)
        || RenewalPolicy.isDue(known.notBefore(), known.notAfter(), now)) {
      signer = authority;
      serve(ServedCertificate.of(authority.issue(host(), now), Origin.LOCAL));
    }
  }

  private void serve(ServedCertificate certificate) {
    served = certificate;
    onChange.run();
  }
}
