package dev.fairlead.acme;

import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.IssueException.Sequel;
import dev.fairlead.acme.issue.RenewalInfo;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Outage;
import dev.fairlead.acme.store.RenewalAdvice;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import dev.fairlead.acme.store.RenewalStorage.Kept;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When one name's certificate of one CA is replaced: as the CA suggests, as people ask for, else by
 * its age. Used by the name's keeper only.
 */
final class Renewal {

  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  private final HostPattern host;
  private final Workshop workshop;
  private final RenewalMeans means;
  private Kept kept = Kept.NOTHING;

  /** What the CA said last, should the storage not have taken it. */
  private @Nullable RenewalAdvice told;

  Renewal(HostPattern host, Workshop workshop) {
    this.host = host;
    this.workshop = workshop;
    this.means = workshop.renewals();
  }

  /** Looks what is kept. */
  void load() throws StorageException, InterruptedException {
    kept = means.storage().read(host);
  }

  /** Whether a certificate of this CA has had its time. */
  boolean isDue(KeyAndChain known) {
    return !workshop.clock().instant().isBefore(renewAt(known));
  }

  /**
   * Whether people want another one than the one that is served, and this CA's to be asked.
   *
   * @param served empty when there is none
   */
  boolean isRequested(Optional<KeyAndChain> served) {
    String now = served.map(KeyAndChain::fingerprint).orElse("");
    return kept.request().filter(wish -> wish.certificate().equals(now)).isPresent();
  }

  /** Whether people want another key, too. */
  boolean isNewKeyWanted() {
    return kept.request().filter(wish -> wish.newKey()).isPresent();
  }

  /** How long the CA has been failing. */
  Optional<Outage> outage() {
    return kept.outage();
  }

  /**
   * Asks the CA about the certificate that is served when it is time to. It never holds up
   * anything: whoever comes while others ask comes again.
   */
  void askWhenTime(KeyAndChain served) throws InterruptedException {
    Optional<RenewalAdvice> before = advice(served);
    Instant now = workshop.clock().instant();
    boolean early = before.isPresent() && !RenewalPolicy.isTimeToAsk(before.get().askAgain(), now);
    if (early || !means.questions().tryAcquire()) {
      return;
    }
    try {
      RenewalAdvice after = ask(served, before);
      told = after;
      keep(after);
    } catch (StorageException e) {
      LOG.debug("certificate of {}: what its CA suggests is not kept", host, e);
    } finally {
      means.questions().release();
    }
  }

  /** Where somebody has the name's lock, what was told is known to this instance only. */
  private void keep(RenewalAdvice after) throws StorageException, InterruptedException {
    Optional<StorageLock> lock = workshop.locks().tryLock(LockName.of(host));
    if (lock.isEmpty()) {
      return;
    }
    try (StorageLock held = lock.get()) {
      means.storage().saveAdvice(host, after);
      kept = new Kept(Optional.of(after), kept.request(), kept.outage());
      held.giveBack(); // an order of the same name may follow at once
    }
  }

  /** The certificate that an order may say it replaces: one that the CA has told about. */
  Optional<X509Certificate> replaceable(Optional<KeyAndChain> own) {
    return own.filter(pair -> window(pair).isPresent()).map(KeyAndChain::leaf);
  }

  /** The key that the next certificate shall have, where it is that of the one before. */
  Optional<KeyPair> keptKey(Optional<KeyAndChain> served) {
    return served
        .filter(_ -> means.keys().reuse())
        .map(pair -> new KeyPair(pair.leaf().getPublicKey(), pair.privateKey()))
        .filter(key -> Keys.isOf(means.keys().type(), key.getPublic()));
  }

  /** There is a new certificate; under the name's lock. */
  void fulfilled() throws StorageException, InterruptedException {
    if (kept.request().isPresent()) {
      means.storage().removeRequest(host);
    }
    if (kept.outage().isPresent()) {
      means.storage().removeOutage(host);
    }
    kept = new Kept(kept.advice(), Optional.empty(), Optional.empty());
  }

  /** An order failed; under the name's lock. */
  void failed(IssueException failure, Instant now) throws StorageException, InterruptedException {
    Optional<Outage> after = Optional.empty();
    if (failure.mayAnotherCaHelp()) {
      Outage before = kept.outage().orElse(new Outage(0, now));
      int more = failure.sequel() == Sequel.WAIT ? 0 : 1; // who waits has only time against it
      after = Optional.of(new Outage(before.failures() + more, before.since()));
    }
    if (after.equals(kept.outage())) {
      return;
    }
    if (after.isPresent()) {
      means.storage().saveOutage(host, after.get());
    } else {
      means.storage().removeOutage(host);
    }
    kept = new Kept(kept.advice(), kept.request(), after);
  }

  /** From when on a certificate of this CA is to be replaced. */
  Instant renewAt(KeyAndChain known) {
    return RenewalPolicy.renewAt(known.leaf(), advice(known));
  }

  private Optional<Window> window(KeyAndChain known) {
    return advice(known).flatMap(RenewalAdvice::window);
  }

  /** What is kept is another instance's word, if it is newer than what was told here. */
  private Optional<RenewalAdvice> advice(KeyAndChain known) {
    String certificate = known.fingerprint();
    Optional<RenewalAdvice> stored =
        kept.advice().filter(each -> each.certificate().equals(certificate));
    RenewalAdvice own = told;
    if (own == null || !own.certificate().equals(certificate)) {
      return stored;
    }
    return stored
        .filter(each -> each.askAgain().isAfter(own.askAgain()))
        .or(() -> Optional.of(own));
  }

  private RenewalAdvice ask(KeyAndChain served, Optional<RenewalAdvice> before)
      throws InterruptedException {
    String certificate = served.fingerprint();
    Instant now = workshop.clock().instant();
    Instant since = before.map(RenewalAdvice::since).orElse(now);
    try {
      Optional<RenewalInfo> info = means.ca().renewalInfo(served.leaf());
      RenewalAdvice after =
          new RenewalAdvice(
              certificate,
              info.map(RenewalInfo::window),
              info.flatMap(RenewalInfo::explanation),
              since,
              RenewalPolicy.askAgain(now, info.flatMap(RenewalInfo::retryAfter)));
      tell(before, after);
      return after;
    } catch (IssueException e) {
      return unchanged(certificate, before, e, e.notBefore());
    } catch (StorageException e) {
      return unchanged(certificate, before, e, Optional.empty());
    }
  }

  /**
   * The CA did not answer: what it said before holds.
   *
   * @param notBefore when it wants to be asked again, if it said so
   */
  private RenewalAdvice unchanged(
      String certificate,
      Optional<RenewalAdvice> before,
      Exception failure,
      Optional<Instant> notBefore) {
    LOG.debug("certificate of {}: {}", host, failure.getMessage());
    Instant now = workshop.clock().instant();
    return new RenewalAdvice(
        certificate,
        before.flatMap(RenewalAdvice::window),
        before.flatMap(RenewalAdvice::explanation),
        before.map(RenewalAdvice::since).orElse(now),
        RenewalPolicy.askAgain(now, Optional.of(notBefore.orElse(now.plus(AFTER_FAILURE)))));
  }

  /** A window that comes with an explanation is not the usual one. */
  private void tell(Optional<RenewalAdvice> before, RenewalAdvice after) {
    if (after.explanation().isPresent()
        && !after.explanation().equals(before.flatMap(RenewalAdvice::explanation))) {
      LOG.warn(
          "certificate of {}: the CA suggests to replace it between {} and {}, see {}",
          host,
          after.window().map(window -> window.start().toString()).orElse("?"),
          after.window().map(window -> window.end().toString()).orElse("?"),
          after.explanation().get());
    }
  }
}
