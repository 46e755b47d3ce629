package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The secrets behind TLS session tickets on the share. Thread-safe. */
public final class TicketKeyStorage {

  /** Guards them. */
  public static final LockName LOCK = LockName.secret("tickets");

  private final Storage storage;
  private final Path folder;
  private final Path file;

  public TicketKeyStorage(Storage storage) {
    this.storage = storage;
    this.folder = storage.root().resolve("secrets");
    this.file = folder.resolve("tickets");
  }

  /** Empty when there are none that are whole: others are made then, and nothing is lost by it. */
  public Optional<TicketKeys> load() throws StorageException, InterruptedException {
    return storage.read(file, turn -> read());
  }

  /** As the server has them, whatever this machine remembers; the caller holds the lock. */
  public Optional<TicketKeys> loadFresh() throws StorageException, InterruptedException {
    return storage.write(
        file,
        turn -> {
          storage.files().refresh(storage.root(), folder);
          return read();
        });
  }

  /**
   * How long ago they were stored, by the clock of who keeps them: those of the instances may be
   * apart. Negative when that clock was set back since.
   */
  public Duration age() throws StorageException, InterruptedException {
    return storage.write(
        file,
        turn -> {
          storage.files().createDirectories(storage.root(), folder);
          Path probe = folder.resolve(".tmp-" + Files0600.randomHex(8));
          try {
            storage.files().create(probe, "");
            Instant now = storage.files().changed(probe);
            return Duration.between(storage.files().modified(file), now);
          } finally {
            storage.files().delete(probe);
          }
        });
  }

  /** Stores them in the place of those before; the caller holds the lock. */
  public void save(TicketKeys keys) throws StorageException, InterruptedException {
    storage.write(
        file,
        LOCK,
        turn -> {
          storage.files().createDirectories(storage.root(), folder);
          storage.files().write(file, keys.text(), turn);
          return true;
        });
  }

  private Optional<TicketKeys> read() throws IOException {
    return storage.files().read(file).flatMap(TicketKeys::parse);
  }
}
