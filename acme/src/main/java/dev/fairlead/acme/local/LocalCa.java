package dev.fairlead.acme.local;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LocalCaStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the one CA that all instances on a share use, or makes it. While the share is away an
 * ephemeral one in memory does its work. {@link #refresh} is called by one thread, the rest by any.
 */
public final class LocalCa {

  private static final Logger LOG = LoggerFactory.getLogger(LocalCa.class);

  private static final Duration MAKING_LIMIT = Duration.ofSeconds(2);
  private static final Duration LOCK_POLL = Duration.ofMillis(50);

  private final LocalCaStorage storage;
  private final Locks locks;
  private final Clock clock;
  private final CompletableFuture<LocalAuthority> first = new CompletableFuture<>();

  /** What was said of the stored one; of the thread of {@link #refresh}. */
  private final Set<String> remarked = new HashSet<>();

  private volatile @Nullable LocalAuthority authority;

  public LocalCa(LocalCaStorage storage, Locks locks, Clock clock) {
    this.storage = storage;
    this.locks = locks;
    this.clock = clock;
  }

  /** The CA in use; waits for the first {@link #refresh}, which the storage's time limit bounds. */
  public LocalAuthority await() throws InterruptedException {
    LocalAuthority known = authority;
    if (known != null) {
      return known;
    }
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("never completed with a failure", e);
    }
  }

  /** The CA in use; empty before the first {@link #refresh} ended. */
  public Optional<LocalAuthority> current() {
    return Optional.ofNullable(authority);
  }

  /** The file that clients are to trust; empty while the CA is only in memory. */
  public Optional<Path> certificatePath() {
    return current().filter(LocalAuthority::kept).map(known -> storage.certificatePath());
  }

  /**
   * Looks for the stored CA unless it is in use already, and makes one when there is none.
   *
   * @return whether another CA is in use now
   */
  public boolean refresh() throws InterruptedException {
    LocalAuthority known = authority;
    Instant now = clock.instant();
    if (known != null && known.kept() && LocalAuthority.isGood(known.pair(), now)) {
      return false;
    }
    Optional<KeyAndChain> stored = find(now);
    if (stored.isPresent()) {
      return use(new LocalAuthority(stored.get(), true));
    }
    if (known == null) {
      LOG.info("The local CA is in memory only until the storage can be used");
      return use(new LocalAuthority(LocalAuthority.create(now), false));
    }
    return false;
  }

  private Optional<KeyAndChain> find(Instant now) throws InterruptedException {
    try {
      Optional<KeyAndChain> stored = good(storage.load(), now);
      return stored.isPresent() ? stored : create(now);
    } catch (StorageException e) {
      return Optional.empty(); // the storage itself says what is wrong with it
    }
  }

  private Optional<KeyAndChain> create(Instant now) throws StorageException, InterruptedException {
    long end = System.nanoTime() + MAKING_LIMIT.toNanos();
    Optional<StorageLock> lock = locks.tryLock(LockName.LOCAL_CA);
    while (lock.isEmpty() && System.nanoTime() - end < 0) {
      Thread.sleep(LOCK_POLL); // another instance makes it, which does not take long
      lock = locks.tryLock(LockName.LOCAL_CA);
    }
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try (StorageLock _ = lock.get()) {
      Optional<KeyAndChain> stored = good(storage.loadFresh(), now);
      if (stored.isPresent()) {
        return stored;
      }
      KeyAndChain made = LocalAuthority.create(now);
      storage.save(made, now);
      LOG.info("Made a local CA: clients may trust {}", storage.certificatePath());
      return Optional.of(made);
    }
  }

  private Optional<KeyAndChain> good(LoadedPair loaded, Instant now) {
    for (String remark : loaded.remarks()) {
      if (remarked.add(remark)) {
        LOG.warn("local CA: {}", remark);
      }
    }
    return loaded.pair().filter(pair -> LocalAuthority.isGood(pair, now));
  }

  private boolean use(LocalAuthority next) {
    authority = next;
    first.complete(next);
    return true;
  }
}
