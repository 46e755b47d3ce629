package dev.fairlead.acme.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases that this instance has taken and not given back, lost ones too, and their heartbeat: a
 * virtual thread that lives while there is one. Thread-safe.
 */
final class Leases {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** Gives one sign of life; on the storage's threads, with their time limit. */
  @FunctionalInterface
  interface Beat {
    void give(Lease lease) throws StorageException, InterruptedException;
  }

  private final Beat beat;
  private final Set<LockName> taking = new HashSet<>();
  private final Map<LockName, Lease> held = new HashMap<>();
  private @Nullable Thread heart;
  private boolean closed;

  Leases(Beat beat) {
    this.beat = beat;
  }

  /**
   * Announces that a name's lease is about to be taken.
   *
   * @return false when it is held here, or about to be
   */
  synchronized boolean reserve(LockName name) {
    return !held.containsKey(name) && taking.add(name);
  }

  /** A reserved name's lease was taken, or could not be. */
  synchronized void taken(LockName name, Optional<Lease> lease, Duration pause) {
    taking.remove(name);
    lease.ifPresent(now -> hold(now, pause));
  }

  private void hold(Lease lease, Duration pause) {
    held.put(lease.name(), lease);
    if (heart == null && !closed) {
      heart = Thread.ofVirtual().name("lease-heartbeat").start(() -> work(pause));
    }
  }

  synchronized void givenBack(Lease lease) {
    held.remove(lease.name(), lease);
  }

  /** What is written for a name is written under this. */
  synchronized Optional<Lease> of(LockName name) {
    return Optional.ofNullable(held.get(name));
  }

  /** No heart beats from now on. */
  synchronized void close() {
    closed = true;
    if (heart != null) {
      heart.interrupt();
    }
  }

  private void work(Duration pause) {
    try {
      do {
        Thread.sleep(pause);
      } while (beatAll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the storage was closed
    }
  }

  private boolean beatAll() throws InterruptedException {
    for (Lease lease : all()) {
      try {
        beat.give(lease);
      } catch (StorageException e) {
        if (!lease.isLost()) {
          LOG.debug("lock {}", lease.name().text(), e);
          break; // what waits for one waits for all
        }
        LOG.warn("{}", e.getMessage());
      }
    }
    return !rests();
  }

  private synchronized List<Lease> all() {
    return List.copyOf(held.values());
  }

  private synchronized boolean rests() {
    if (held.isEmpty() || closed) {
      heart = null;
      return true;
    }
    return false;
  }
}
