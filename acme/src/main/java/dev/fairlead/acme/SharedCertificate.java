package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a name has of the certificate that another one orders for both, at one CA. It takes a copy
 * into its own folder, under its own lock: whoever dies in between is followed by the next look,
 * and the name has its certificate whatever becomes of the other. Used by the name's keeper only.
 */
final class SharedCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(SharedCertificate.class);

  /** A copy is made in a few of them. */
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final WantedName name;
  private final Workshop workshop;
  private final CurrentCertificate own;
  private Optional<String> generation = Optional.empty();
  private Optional<KeyAndChain> theirs = Optional.empty();

  /**
   * @param own the name's copy
   */
  SharedCertificate(WantedName name, Workshop workshop, CurrentCertificate own) {
    this.name = name;
    this.workshop = workshop;
    this.own = own;
  }

  /** Takes over what the other name has, where it is for this one and better than its own. */
  void takeOver() throws StorageException, InterruptedException {
    Optional<LoadedPair> changed = workshop.storage().loadIfChanged(name.main(), generation);
    if (changed.isPresent()) {
      generation = changed.get().generation();
      theirs = changed.get().pair().filter(pair -> Names.isFor(pair.leaf(), name.host()));
    }
    if (own.isUnsaved() || better().isPresent()) {
      underLock();
    }
  }

  /** How it stands with the order of the other name. */
  NameState state() throws StorageException, InterruptedException {
    return workshop.states().load(name.main()).about(name.orderedTogether());
  }

  private void underLock() throws StorageException, InterruptedException {
    LockName lockName = LockName.of(name.host());
    Optional<StorageLock> lock =
        PatientLock.take(workshop.locks(), lockName, MOMENT, MOMENT.multipliedBy(20));
    if (lock.isEmpty()) {
      return; // another instance takes it over, and is waited for
    }
    try (StorageLock held = lock.get()) {
      own.loadFresh();
      Optional<KeyAndChain> better = better();
      if (better.isPresent()) {
        own.issued(better.get());
        LOG.info(
            "certificate of {}: it is the one of {}, good until {}",
            name.host(),
            name.main(),
            better.get().notAfter());
      }
      if (own.isUnsaved()) {
        // First what it had ordered itself ends: once the copy is current nobody looks again.
        workshop.states().save(name.host(), NameState.issued());
        workshop.states().removeKey(name.host());
        own.save();
      }
      held.giveBack(); // the copy of another CA's may follow
    }
  }

  /** What the other name has, where it was issued later than what is here, or that has ended. */
  private Optional<KeyAndChain> better() {
    Instant now = workshop.clock().instant();
    return theirs
        .filter(shared -> now.isBefore(shared.notAfter()))
        .filter(shared -> own.pair().filter(known -> isKept(known, shared, now)).isEmpty());
  }

  private static boolean isKept(KeyAndChain known, KeyAndChain shared, Instant now) {
    return known.equals(shared)
        || (now.isBefore(known.notAfter()) && shared.notBefore().isBefore(known.notBefore()));
  }
}
