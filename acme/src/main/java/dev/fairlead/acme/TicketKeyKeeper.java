package dev.fairlead.acme;

import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.store.TicketKeyStorage;
import dev.fairlead.acme.store.TicketKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the secrets behind TLS session tickets that all instances on a share use, and
 * replaces them in turn: whoever sees first that it is time. While the share is away those that are
 * known go on, for {@link #ACCEPTED} at most; then the process makes its own until it is back. Runs
 * on a virtual thread of its own.
 */
final class TicketKeyKeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(TicketKeyKeeper.class);

  /** For so long one encrypts. */
  static final Duration PERIOD = Duration.ofDays(1);

  /** For so long one is accepted after that: as long as tickets of TLS 1.3 are good. */
  static final Duration ACCEPTED = Duration.ofDays(2);

  private final TicketKeyStorage storage;
  private final Locks locks;
  private final InstantSource clock;
  private final Pace pace;
  private final Consumer<List<byte[]>> changed;
  private final CompletableFuture<Void> firstLook = new CompletableFuture<>();

  private @Nullable TicketKeys used;

  /** Made by this process, and known to no other. */
  private boolean own;

  /** When those of the storage were last seen there, or our own were made. */
  private Instant since = Instant.MIN;

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param clock for how long the storage has been away, and for nothing that other instances see
   * @param changed told of the secrets when they are others: that which encrypts, then those that
   *     are accepted
   */
  TicketKeyKeeper(
      TicketKeyStorage storage,
      Locks locks,
      InstantSource clock,
      Pace pace,
      Consumer<List<byte[]>> changed) {
    this.storage = storage;
    this.locks = locks;
    this.clock = clock;
    this.pace = pace;
    this.changed = changed;
  }

  /** Completes when there are some, or could not be at the first look. */
  CompletableFuture<Void> firstLook() {
    return firstLook;
  }

  @Override
  public void run() {
    try {
      while (true) {
        Duration pause = look();
        firstLook.complete(null);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    } finally {
      firstLook.complete(null);
    }
  }

  private Duration look() throws InterruptedException {
    try {
      Optional<TicketKeys> stored = storage.load();
      stored.ifPresent(this::useStored);
      if (stored.isEmpty() || isDue(storage.age())) {
        replace();
      }
      return used == null || own ? pace.poll() : pace.settled();
    } catch (StorageException e) {
      withoutStorage(); // the storage itself says what is wrong with it
    } catch (RuntimeException e) {
      LOG.error("Keys of session tickets: a look failed, the next follows", e);
    }
    return pace.poll();
  }

  // Nothing while another instance does it: what it stores is found at the next look.
  private void replace() throws StorageException, InterruptedException {
    Optional<StorageLock> lock = locks.tryLock(TicketKeyStorage.LOCK);
    if (lock.isEmpty()) {
      return;
    }
    try (StorageLock _ = lock.get()) {
      Optional<TicketKeys> stored = storage.loadFresh();
      Duration age = stored.isPresent() ? storage.age() : Duration.ZERO;
      if (stored.isPresent() && !isDue(age)) {
        useStored(stored.get());
        return;
      }
      // What no ticket can be of any more is not kept for one period more.
      boolean outlived = age.abs().compareTo(PERIOD.plus(ACCEPTED)) >= 0;
      TicketKeys next =
          stored.filter(_ -> !outlived).map(TicketKeys::rotated).orElseGet(TicketKeys::create);
      storage.save(next);
      useStored(next);
    }
  }

  // A file from the future would never be due: the clock of the share was set back.
  private static boolean isDue(Duration age) {
    return age.abs().compareTo(PERIOD) >= 0;
  }

  private void useStored(TicketKeys stored) {
    use(stored);
    own = false;
    since = clock.instant();
    firstLook.complete(null); // how old they are matters to nobody who waits
  }

  private void withoutStorage() {
    TicketKeys known = used;
    if (known == null) {
      return; // BoringSSL has keys of its own, and changes them
    }
    Instant now = clock.instant();
    if (!now.isBefore(since.plus(own ? PERIOD : ACCEPTED))) {
      use(own ? known.rotated() : TicketKeys.create());
      own = true;
      since = now;
    }
  }

  private void use(TicketKeys next) {
    if (used == null || !next.equals(used)) {
      changed.accept(next.secrets());
      used = next;
    }
  }
}
