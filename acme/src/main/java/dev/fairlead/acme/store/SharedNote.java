package dev.fairlead.acme.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A small text on the share that instances have in common, and that one of them changes at a time.
 * For threads that may wait as {@link Storage} says. Thread-safe.
 */
public final class SharedNote {

  private final Storage storage;
  private final Locks locks;
  private final LockName lock;
  private final Path folder;
  private final Path file;

  public SharedNote(Storage storage, Locks locks, String name) {
    if (!FileNames.isToken(name)) {
      throw new IllegalArgumentException(name + " (expected: letters)");
    }
    this.storage = storage;
    this.locks = locks;
    this.lock = LockName.note(name);
    this.folder = storage.root().resolve("notes");
    this.file = folder.resolve(name);
  }

  /** What to do with the text while nobody else changes it. */
  @FunctionalInterface
  public interface Change {

    /**
     * Called with the text as the server has it.
     *
     * @param text empty when there is none
     * @return the text from now on
     */
    String apply(Optional<String> text) throws InterruptedException;
  }

  /**
   * The text, perhaps as this machine remembers it; empty when there is none.
   *
   * @throws StorageException also when the storage has been seen and is not there any more
   */
  public Optional<String> read() throws StorageException, InterruptedException {
    return storage.read(
        file,
        turn -> {
          Optional<String> text = storage.files().read(file);
          if (text.isEmpty()) {
            storage.checkThere();
          }
          return text;
        });
  }

  /**
   * Changes the text under its lock.
   *
   * @return false when somebody else is at it; then nothing was called
   * @throws StorageException before the change was called, or after it, when its text was not kept
   */
  public boolean change(Change change) throws StorageException, InterruptedException {
    Optional<StorageLock> held = locks.tryLock(lock);
    if (held.isEmpty()) {
      return false;
    }
    try (StorageLock _ = held.get()) {
      Optional<String> before =
          storage.write(
              file,
              turn -> {
                storage.files().refresh(storage.root(), folder);
                return storage.files().read(file);
              });
      String after = change.apply(before);
      if (!Optional.of(after).equals(before)) {
        storage.write(
            file,
            lock,
            turn -> {
              storage.files().write(file, after, turn);
              return true;
            });
      }
      held.get().giveBack(); // who changes it again at once finds it free
    }
    return true;
  }
}
