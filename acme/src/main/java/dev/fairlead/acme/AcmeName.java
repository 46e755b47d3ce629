package dev.fairlead.acme;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.fairlead.acme.AcmeCertificate.Beside;
import dev.fairlead.acme.budget.Occasion;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.OrderRequest;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.store.WantedNote;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One name's way to one CA's certificate: what is stored and good is used and nothing ordered; else
 * lock, look again, go on with what is under way or order, store, serve. Used by the name's keeper
 * only, but for {@link #problem}, {@link #failures} and {@link #nextAttempt}.
 */
final class AcmeName {

  private static final Logger LOG = LoggerFactory.getLogger(AcmeName.class);

  private final WantedName name;
  private final HostPattern host;

  /** What its first order is. */
  private final Occasion first;

  private final Workshop workshop;
  private final Beside beside;
  private final CurrentCertificate certificate;
  private final Renewal renewal;
  private final DnsWatch dns;
  private final Optional<Rehearsal> rehearsal;

  /** Where another name orders. */
  private final Optional<SharedCertificate> shared;

  private volatile NameState state = NameState.NEW;
  private volatile Optional<String> holder = Optional.empty();
  private boolean waiting;

  AcmeName(WantedName name, Workshop workshop, Beside beside) {
    this.name = name;
    this.host = name.host();
    this.first = name.onDemand() ? Occasion.ON_DEMAND : Occasion.FIRST;
    this.workshop = workshop;
    this.beside = beside;
    this.certificate = new CurrentCertificate(host, workshop, beside::changed);
    this.renewal = new Renewal(name.main(), workshop);
    this.dns = new DnsWatch(host, name.ordered(), workshop.issuer(), workshop.clock());
    this.rehearsal = workshop.staging().map(Rehearsal::new);
    this.shared =
        name.isTakenOver()
            ? Optional.of(new SharedCertificate(name, workshop, certificate))
            : Optional.empty();
  }

  /** This CA's certificate, if there is one. */
  Optional<KeyAndChain> pair() {
    return certificate.pair();
  }

  /** That of the CA. */
  URI directory() {
    return workshop.directory();
  }

  /** When it is replaced. */
  Renewal renewal() {
    return renewal;
  }

  /** Why there is no good certificate, if there is none. */
  Optional<String> problem() {
    NameState now = state;
    return now.isTroubled() ? Optional.of(now.lastError()) : holder;
  }

  /** How many tries failed in a row. */
  int failures() {
    return state.failures();
  }

  /** When it is tried again, if something failed. */
  Optional<Instant> nextAttempt() {
    NameState now = state;
    return now.isTroubled() ? Optional.of(now.nextAttempt()) : Optional.empty();
  }

  /** Takes over what is stored when it changed. */
  void load() throws StorageException, InterruptedException {
    certificate.load();
  }

  /** Takes over what is stored, past what this machine remembers; under the name's lock. */
  void loadFresh() throws StorageException, InterruptedException {
    certificate.loadFresh();
    renewal.load();
  }

  /** Takes over what the copy has, while the storage cannot be used and has said nothing before. */
  void loadCopy() throws InterruptedException {
    certificate.loadCopy();
  }

  /** Nobody wants the name any more. */
  void forget() {
    certificate.forget();
  }

  /**
   * Orders when it is time, or goes on with an order; takes over what another name has ordered.
   *
   * @return after what pause to look again
   */
  Duration orderWhenDue() throws StorageException, InterruptedException {
    if (shared.isPresent()) {
      return takeOver(shared.get());
    }
    if (!certificate.isUnsaved()) {
      if (beside.isInOrder()) {
        rest();
        return workshop.pace().settled();
      }
      state = workshop.states().load(host).about(name.orderedTogether());
      if (!isTime(state) && !dns.look(state)) {
        return untilNextAttempt();
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

  private Duration takeOver(SharedCertificate other) throws StorageException, InterruptedException {
    other.takeOver();
    if (beside.isInOrder()) {
      rest();
      return workshop.pace().settled();
    }
    NameState theirs = other.state();
    state = theirs.isTroubled() ? theirs.saying(name.waiting(theirs.lastError())) : NameState.NEW;
    return workshop.pace().poll();
  }

  /** Nothing is wanted of this CA now. */
  void rest() {
    state = NameState.NEW;
    holder = Optional.empty();
  }

  /** Whether a certificate was issued that is not stored yet. */
  boolean isUnsaved() {
    return certificate.isUnsaved();
  }

  private Duration underLock() throws StorageException, InterruptedException {
    LockName lockName = LockName.of(host);
    Optional<StorageLock> lock = workshop.locks().tryLock(lockName);
    if (lock.isEmpty()) {
      holder = Optional.of("another instance orders it: " + workshop.locks().holder(lockName));
      return workshop.pace().whileOrdered();
    }
    holder = Optional.empty();
    try (StorageLock held = lock.get()) {
      // Another instance may have ordered since, and this machine may remember an old answer.
      beside.loadFresh();
      restore();
      Journal journal = Journal.open(workshop.states(), host, name.orderedTogether());
      try {
        work(journal);
      } finally {
        journal.end();
        state = journal.state();
      }
      held.giveBack(); // the other CA's turn may come at once, and it is the same lock
    }
    return untilNextAttempt();
  }

  /** It may have been archived a moment ago; what is in the archive need not be ordered. */
  private void restore() throws StorageException, InterruptedException {
    Instant now = workshop.clock().instant();
    boolean valid = beside.served().filter(pair -> now.isBefore(pair.notAfter())).isPresent();
    if (!valid && workshop.archive().restore(host, now, WantedNote.wanted(now))) {
      beside.loadFresh();
    }
  }

  private void work(Journal journal) throws StorageException, InterruptedException {
    if (certificate.isUnsaved()) {
      keep(journal);
    } else if (!beside.isInOrder() && isTime(journal.state())) {
      if (isStored(journal)) {
        close(journal);
      }
      order(journal);
    }
  }

  private void order(Journal journal) throws StorageException, InterruptedException {
    OrderRequest request = request();
    try {
      if (rehearsal.isPresent() && isTheFirst(journal)) {
        rehearsal.get().pass(request, journal);
      }
      KeyAndChain issued = workshop.issuer().issue(request, journal);
      LOG.info("certificate of {}: issued, good until {}", host, issued.notAfter());
      waiting = false;
      beside.issued();
      certificate.issued(issued);
    } catch (IssueException e) {
      Instant now = workshop.clock().instant();
      journal.write(
          AfterFailure.of(
              journal.state(), e, request.start(), now, ThreadLocalRandom.current().nextDouble()));
      tell(e.sequel(), journal.state());
      if (workshop.fallback().isPresent()) {
        renewal.failed(e, now);
      }
      return;
    }
    keep(journal);
  }

  /** Whether there never was a certificate for all names, and the CA has been asked for none. */
  private boolean isTheFirst(Journal journal) {
    return certificate.pair().filter(pair -> name.isCovered(pair.leaf())).isEmpty()
        && beside.served().filter(pair -> name.isCovered(pair.leaf())).isEmpty()
        && !journal.step().isUnderWay()
        && !(journal.step() instanceof Step.Issued);
  }

  /** Who waits for room says so once, however often there is none. */
  private void tell(IssueException.Sequel sequel, NameState now) {
    boolean known = waiting;
    waiting = sequel == IssueException.Sequel.WAIT;
    LOG.atLevel(waiting && known ? Level.DEBUG : Level.WARN)
        .log(
            "certificate of {}: {}; next attempt at {}{}",
            host,
            now.lastError(),
            now.nextAttempt(),
            now.dns().isWatched() ? ", or when DNS says something else" : "");
  }

  private void keep(Journal journal) throws StorageException, InterruptedException {
    certificate.save();
    close(journal);
    beside.fulfilled();
  }

  private static void close(Journal journal) throws StorageException, InterruptedException {
    journal.write(NameState.issued());
    journal.removeKey();
  }

  /** Whoever ended between storing a certificate and saying so: its order is done. */
  private boolean isStored(Journal journal) throws StorageException, InterruptedException {
    Optional<KeyAndChain> stored = certificate.pair();
    if (stored.isEmpty()
        || !journal.step().isUnderWay()
        || workshop.renewals().keys().reuse()) { // then the key says nothing of the order
      return false;
    }
    Optional<KeyPair> key = journal.key();
    return key.isPresent() && key.get().getPublic().equals(stored.get().leaf().getPublicKey());
  }

  private OrderRequest request() {
    Optional<X509Certificate> replaces = renewal.replaceable(certificate.pair());
    return new OrderRequest(
        host,
        name.ordered(),
        replaces.isPresent() ? Occasion.REPLACEMENT : occasion(),
        replaces,
        renewal.keptKey(beside.served().filter(_ -> !beside.isNewKeyWanted())));
  }

  private Occasion occasion() {
    return certificate
        .pair()
        .filter(known -> RenewalPolicy.isRenewal(known.notBefore(), workshop.clock().instant()))
        .filter(known -> OrderRequest.renews(known.leaf(), name.ordered()))
        .map(known -> Occasion.RENEWAL)
        .orElse(first);
  }

  private boolean isTime(NameState known) {
    return RetrySchedule.isOver(known.nextAttempt(), workshop.clock().instant())
        || dns.hasChanged(known);
  }

  /** A time that is told is kept to the second. */
  private Duration untilNextAttempt() {
    Duration poll = workshop.pace().poll();
    Duration rest = Duration.between(workshop.clock().instant(), state.nextAttempt());
    return rest.isPositive() && rest.compareTo(poll) < 0 ? rest.plusMillis(1) : poll;
  }
}
