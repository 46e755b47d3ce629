package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import java.nio.file.Path;
import java.time.Instant;

/** The local CA's key and certificate on the share. Thread-safe. */
public final class LocalCaStorage {

  private final Storage storage;
  private final Path path;
  private final PairFolder folder;

  public LocalCaStorage(Storage storage) {
    this.storage = storage;
    this.path = storage.root().resolve("local-ca");
    this.folder = new PairFolder(storage.root(), path, "ca.pem", storage.files());
  }

  /** Where users find the certificate that their clients are to trust. */
  public Path certificatePath() {
    return folder.chainPath();
  }

  public LoadedPair load() throws StorageException, InterruptedException {
    return storage.read(path, turn -> folder.load());
  }

  /** As the server has it, whatever this machine remembers; the caller holds the lock. */
  public LoadedPair loadFresh() throws StorageException, InterruptedException {
    return storage.write(
        path,
        turn -> {
          folder.refresh();
          return folder.load();
        });
  }

  /** Stores a new CA; the caller holds the lock. */
  public void save(KeyAndChain authority, Instant now)
      throws StorageException, InterruptedException {
    storage.write(
        path,
        LockName.LOCAL_CA,
        turn -> {
          folder.save(authority, now, turn);
          return true;
        });
  }
}
