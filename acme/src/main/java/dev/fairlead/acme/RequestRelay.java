package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.RenewalRequest;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.routing.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands on what people ask for of a name whose certificate another one orders. First it is written
 * down there, then it is taken away here, each under the lock of the one name: whoever dies in
 * between does it again, and by then there is nothing to do, or the same. Used by the name's keeper
 * only.
 */
final class RequestRelay {

  private final WantedName name;
  private final Workshop workshop;
  private final RenewalStorage requests;

  /**
   * @param workshop of the first CA, where people's wishes are kept
   */
  RequestRelay(WantedName name, Workshop workshop) {
    this.name = name;
    this.workshop = workshop;
    this.requests = workshop.renewals().storage();
  }

  /**
   * Looks whether something is asked for.
   *
   * @param served the name's certificate now
   * @return false when somebody has a lock, so that it has to be looked at again
   */
  boolean look(Optional<KeyAndChain> served) throws StorageException, InterruptedException {
    Optional<RenewalRequest> request = requests.read(name.host()).request();
    if (request.isEmpty()) {
      return true;
    }
    String now = served.map(KeyAndChain::fingerprint).orElse("");
    if (request.get().certificate().equals(now) && !handOn(request.get())) {
      return false;
    }
    return underLock(name.host(), () -> requests.removeRequest(name.host()));
  }

  private boolean handOn(RenewalRequest request) throws StorageException, InterruptedException {
    return underLock(
        name.main(),
        () -> {
          Optional<KeyAndChain> theirs = best();
          String known = theirs.map(KeyAndChain::fingerprint).orElse("");
          boolean shared = theirs.filter(pair -> Names.isFor(pair.leaf(), name.host())).isPresent();
          if (!shared || known.equals(request.certificate())) { // else there is another already
            writer().write(name.main(), known, request.newKey(), workshop.clock().instant());
          }
        });
  }

  private RequestWriter writer() {
    return new RequestWriter(
        workshop.states(), workshop.fallback().map(Workshop::states), requests);
  }

  /** What the other name serves. */
  private Optional<KeyAndChain> best() throws StorageException, InterruptedException {
    List<KeyAndChain> all = new ArrayList<>();
    workshop.storage().loadFresh(name.main()).pair().ifPresent(all::add);
    if (workshop.fallback().isPresent()) {
      workshop.fallback().get().storage().loadFresh(name.main()).pair().ifPresent(all::add);
    }
    return BestCertificate.of(all, workshop.clock().instant());
  }

  private boolean underLock(HostPattern host, Change change)
      throws StorageException, InterruptedException {
    Optional<StorageLock> lock = workshop.locks().tryLock(LockName.of(host));
    if (lock.isEmpty()) {
      return false;
    }
    try (StorageLock held = lock.get()) {
      change.run();
      held.giveBack(); // whoever fulfils it comes at once
    }
    return true;
  }

  /** What is done under a lock. */
  @FunctionalInterface
  private interface Change {
    void run() throws StorageException, InterruptedException;
  }
}
