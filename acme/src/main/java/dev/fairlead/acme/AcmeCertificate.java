package dev.fairlead.acme;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.NameFolder;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.store.WantedNote;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name's certificate, of whichever CA: the best one that there is is served. It is ordered at
 * the first CA, and at the second one while the first keeps failing. Used by the name's keeper
 * only, but for {@link #problem}, {@link #failures}, {@link #nextAttempt}, {@link #directory} and
 * {@link #renewAt}.
 */
final class AcmeCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(AcmeCertificate.class);

  /** A folder is moved in a few of them. */
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final WantedName name;
  private final HostPattern host;
  private final Workshop workshop;
  private final Consumer<ServedCertificate> serve;
  private final Beside beside = new Beside();
  private final AcmeName first;
  private final Optional<AcmeName> second;

  /** Where another name orders. */
  private final Optional<RequestRelay> relay;

  private @Nullable KeyAndChain served;
  private Instant issued = Instant.EPOCH;
  private boolean atSecond;
  private boolean looked;
  private volatile Optional<Shown> shown = Optional.empty();

  /** What others ask about what is served. */
  private record Shown(URI directory, Instant renewAt) {}

  AcmeCertificate(WantedName name, Workshop workshop, Consumer<ServedCertificate> serve) {
    this.name = name;
    this.host = name.host();
    this.workshop = workshop;
    this.serve = serve;
    this.first = new AcmeName(name, workshop, beside);
    this.second = workshop.fallback().map(other -> new AcmeName(name, other, beside));
    this.relay =
        name.isTakenOver() ? Optional.of(new RequestRelay(name, workshop)) : Optional.empty();
  }

  /** Why there is no good certificate, if there is none. */
  Optional<String> problem() {
    return first.problem().or(() -> second.flatMap(AcmeName::problem));
  }

  /** How many tries failed in a row, at the CA that is asked now. */
  int failures() {
    return Math.max(first.failures(), second.map(AcmeName::failures).orElse(0));
  }

  /** The directory of the CA that what is served is of; empty when nothing is. */
  Optional<URI> directory() {
    return shown.map(Shown::directory);
  }

  /** From when on what is served is to be replaced; empty when nothing is. */
  Optional<Instant> renewAt() {
    return shown.map(Shown::renewAt);
  }

  /** When it is tried again, if something failed. */
  Optional<Instant> nextAttempt() {
    return Stream.concat(
            first.nextAttempt().stream(), second.flatMap(AcmeName::nextAttempt).stream())
        .min(Instant::compareTo);
  }

  /**
   * Takes over what is stored when it changed.
   *
   * @return whether there is a certificate to serve
   */
  boolean load() throws StorageException, InterruptedException {
    first.load();
    if (second.isPresent()) {
      second.get().load();
    }
    serveBest();
    return served != null;
  }

  /**
   * Brings back what the archive has of a name that was not wanted for a while, where nothing else
   * is there. All instances come at once; whoever is not the first waits for the others.
   *
   * @return whether there is a certificate to serve now
   */
  boolean restore() throws StorageException, InterruptedException {
    if (!workshop.archive().isArchived(host)) {
      return false;
    }
    Optional<StorageLock> lock =
        PatientLock.take(workshop.locks(), LockName.of(host), MOMENT, MOMENT.multipliedBy(20));
    if (lock.isPresent()) {
      try (StorageLock _ = lock.get()) {
        Instant now = workshop.clock().instant();
        workshop.archive().restore(host, now, WantedNote.wanted(now));
      }
    }
    return load();
  }

  /** Whether what is served has not ended. */
  boolean isValid(Instant now) {
    KeyAndChain known = served;
    return known != null && now.isBefore(known.notAfter());
  }

  /**
   * Takes over what the copy has of each CA, while the storage cannot be used and has said nothing
   * before.
   *
   * @return whether there is a certificate to serve
   */
  boolean loadCopy() throws InterruptedException {
    first.loadCopy();
    if (second.isPresent()) {
      second.get().loadCopy();
    }
    serveBest();
    return served != null;
  }

  /** Nobody wants the name any more. */
  void forget() {
    first.forget();
    second.ifPresent(AcmeName::forget);
    workshop.archive().forget(NameFolder.of(host));
  }

  /**
   * Orders when it is time, or goes on with an order.
   *
   * @return after what pause to look again
   */
  Duration orderWhenDue() throws StorageException, InterruptedException {
    if (isJustStarted()) {
      return workshop.pace().settled();
    }
    if (served != null || second.isPresent()) { // else nothing of it matters yet
      first.renewal().load();
    }
    if (second.isPresent()) {
      second.get().renewal().load();
    }
    Duration pause;
    if (relay.isPresent()) {
      pause = takeOver(relay.get());
    } else {
      askWhenTime();
      pause = order();
    }
    show();
    return pause;
  }

  /** Another name orders, at each CA, and asks it about the certificate. */
  private Duration takeOver(RequestRelay wishes) throws StorageException, InterruptedException {
    boolean handedOn = wishes.look(Optional.ofNullable(served));
    Duration pause = first.orderWhenDue();
    if (second.isPresent()) {
      Duration atOther = second.get().orderWhenDue();
      pause = atOther.compareTo(pause) < 0 ? atOther : pause;
    }
    return handedOn ? pause : workshop.pace().poll();
  }

  private Duration order() throws StorageException, InterruptedException {
    Duration pause = first.orderWhenDue();
    if (second.isEmpty()) {
      return pause;
    }
    AcmeName other = second.get();
    if (!isOut() && !other.isUnsaved()) {
      atSecond = false;
      other.rest();
      return pause;
    }
    if (!atSecond) {
      atSecond = true;
      LOG.warn(
          "certificate of {}: it is ordered at the second CA, as the first one keeps failing: {}",
          host,
          first.problem().orElse("no answer"));
    }
    Duration atOther = other.orderWhenDue();
    return atOther.compareTo(pause) < 0 ? atOther : pause;
  }

  /**
   * Whether this is the first look, at a certificate that is far from its end: a start has better
   * to do than to read what is known of renewals, which takes a library that is long to load. The
   * next look follows within minutes.
   */
  private boolean isJustStarted() {
    boolean started = looked;
    looked = true;
    KeyAndChain now = served;
    return !started
        && now != null
        && name.isCovered(now.leaf())
        && !RenewalPolicy.isDue(now.notBefore(), now.notAfter(), workshop.clock().instant());
  }

  /** Asks the CA of what is served whether it wants it to be replaced. */
  private void askWhenTime() throws InterruptedException {
    KeyAndChain now = served;
    if (now != null && beside.isInOrder()) {
      of(now).renewal().askWhenTime(now);
    }
  }

  /** The way that a certificate came by. */
  private AcmeName of(KeyAndChain pair) {
    return second.filter(name -> name.pair().filter(pair::equals).isPresent()).orElse(first);
  }

  private boolean isOut() {
    Optional<Instant> end = Optional.ofNullable(served).map(KeyAndChain::notAfter);
    Instant now = workshop.clock().instant();
    return !beside.isInOrder()
        && first
            .renewal()
            .outage()
            .filter(outage -> FallbackPolicy.isTime(outage.failures(), outage.since(), end, now))
            .isPresent();
  }

  private void show() {
    shown =
        Optional.ofNullable(served)
            .map(now -> new Shown(of(now).directory(), of(now).renewal().renewAt(now)));
  }

  private void serveBest() {
    Optional<KeyAndChain> best =
        BestCertificate.of(
            Stream.concat(first.pair().stream(), second.flatMap(AcmeName::pair).stream()).toList(),
            workshop.clock().instant());
    if (best.isEmpty()) {
      served = null; // the copy had one that the storage does not have
      show();
    } else if (!best.get().equals(served)) {
      served = best.get();
      show();
      serve.accept(ServedCertificate.of(best.get(), Origin.ACME));
    }
  }

  /** What the way to one CA has to know of all of them. */
  final class Beside {

    private Beside() {}

    /** There is another certificate; it may be better. */
    void changed() {
      serveBest();
    }

    /** What is served. */
    Optional<KeyAndChain> served() {
      return Optional.ofNullable(served);
    }

    /** Whether the key of what is served is not to be used again, at whichever CA. */
    boolean isNewKeyWanted() {
      return first.renewal().isNewKeyWanted();
    }

    /** Whether what is served is for all names, has not had its time, and is not to be replaced. */
    boolean isInOrder() {
      KeyAndChain now = served;
      return now != null
          && !first.renewal().isRequested(Optional.of(now))
          && ((name.isCovered(now.leaf()) && !of(now).renewal().isDue(now)) || isFresh(now));
    }

    private boolean isFresh(KeyAndChain now) {
      return RenewalPolicy.isFresh(
          now.notBefore(), now.notAfter(), issued, workshop.clock().instant());
    }

    /** Takes over what is stored, past what this machine remembers; under the name's lock. */
    void loadFresh() throws StorageException, InterruptedException {
      first.loadFresh();
      if (second.isPresent()) {
        second.get().loadFresh();
      }
    }

    /** One CA has given a new certificate; before it is served or stored. */
    void issued() {
      issued = workshop.clock().instant();
    }

    /** It is stored: all is well at each CA; under the name's lock. */
    void fulfilled() throws StorageException, InterruptedException {
      first.renewal().fulfilled();
      if (second.isPresent()) {
        second.get().renewal().fulfilled();
      }
    }
  }
}
