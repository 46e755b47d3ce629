package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lease that this instance took. What is written under it asks {@link #check} right before it
 * counts; from the moment that it is lost it stays lost. Used on the storage's threads; a heartbeat
 * and a check at the same time are one after the other.
 */
final class Lease {

  private final LockName name;
  private final long generation;
  private final LeaseText text;
  private final LeaseFolder folder;
  private final Optional<FcntlAnswer.Granted> lock;
  private final ReentrantLock use = new ReentrantLock();
  private @Nullable String lost;
  private boolean released;

  Lease(
      LockName name,
      long generation,
      LeaseText text,
      LeaseFolder folder,
      Optional<FcntlAnswer.Granted> lock) {
    this.name = name;
    this.generation = generation;
    this.text = text;
    this.folder = folder;
    this.lock = lock;
  }

  LockName name() {
    return name;
  }

  Path path() {
    return folder.path();
  }

  /** Grows with every lease of the name. */
  long generation() {
    return generation;
  }

  /**
   * Gives a sign of life and makes sure that nobody has taken the lease.
   *
   * @throws StorageException when somebody has, now or earlier, or it was given back
   */
  void check() throws IOException {
    use.lock();
    try {
      if (lost != null) {
        throw new StorageException(lost);
      }
      if (released) {
        throw new StorageException(
            "lock %s: given back before this was written, so it is not written"
                .formatted(name.text()));
      }
      renew();
    } finally {
      use.unlock();
    }
  }

  /** Gives a sign of life, unless there is no need or somebody else does. */
  void beat() throws IOException {
    if (use.tryLock()) {
      try {
        if (lost == null && !released) {
          renew();
        }
      } finally {
        use.unlock();
      }
    }
  }

  private void renew() throws IOException {
    try {
      if (lock.isPresent()) {
        lock.get().touch();
      }
      folder.replace(generation, text);
      Optional<LeaseEntry> newest = folder.newest();
      if (newest.isEmpty() || newest.get().generation() != generation) {
        throw lose(
            newest
                .map(entry -> "taken over by " + entry.holder())
                .orElse("its file was removed from " + folder.path()));
      }
    } catch (NoSuchFileException e) {
      throw lose("its file was removed from " + folder.path());
    } catch (IOException e) {
      if (isLost(e)) {
        throw lose("its server does not know it any more, it says: " + Explain.reason(e));
      }
      throw e;
    }
  }

  /** What was written under it failed: whether the lease went with it. */
  void failed(IOException cause) {
    use.lock();
    try {
      if (isLost(cause) && lost == null && !released) {
        StorageException _ = lose("the storage failed under it, it says: " + Explain.reason(cause));
      }
    } finally {
      use.unlock();
    }
  }

  /** Whoever was cut off from the server for long hears it by these. */
  private static boolean isLost(IOException e) {
    return !(e instanceof StorageException) && (Explain.isBroken(e) || Explain.isStale(e));
  }

  private StorageException lose(String why) {
    String sentence =
        "lock %s: lost, %s; what this instance has for it is not written (fix: none needed, it is looked at again; when it comes often, see \"When a lock is lost\" in docs/storage.md)"
            .formatted(name.text(), why);
    lost = sentence;
    return new StorageException(sentence);
  }

  boolean isLost() {
    use.lock();
    try {
      return lost != null;
    } finally {
      use.unlock();
    }
  }

  /** Gives it back; nothing when that was done. */
  void release() throws IOException {
    use.lock();
    try {
      if (released) {
        return;
      }
      released = true;
      try {
        if (lost == null) {
          folder.replace(generation, text.givenBack());
        }
      } finally {
        if (lock.isPresent()) {
          lock.get().release();
        }
      }
    } finally {
      use.unlock();
    }
  }
}
