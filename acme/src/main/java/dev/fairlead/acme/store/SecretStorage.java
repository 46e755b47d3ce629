package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** A secret on the share, which all instances know and nobody else does. Thread-safe. */
public final class SecretStorage {

  /** Of each secret: as long as the keys of HMAC-SHA-256 are. */
  public static final int BYTES = 32;

  private final Storage storage;
  private final Path folder;
  private final Path file;
  private final LockName lock;

  /**
   * @param name of the file
   */
  public SecretStorage(Storage storage, String name) {
    this.storage = storage;
    this.folder = storage.root().resolve("secrets");
    this.file = folder.resolve(name);
    this.lock = LockName.secret(name);
  }

  /** Empty when there is none yet. */
  public Optional<byte[]> load() throws StorageException, InterruptedException {
    return storage.read(file, turn -> read());
  }

  /** As the server has it, whatever this machine remembers; the caller holds the lock. */
  public Optional<byte[]> loadFresh() throws StorageException, InterruptedException {
    return storage.write(
        file,
        turn -> {
          storage.files().refresh(storage.root(), folder);
          return read();
        });
  }

  /** Stores one where there is none; the caller holds the lock. */
  public void save(byte[] secret) throws StorageException, InterruptedException {
    storage.write(
        file,
        lock,
        turn -> {
          storage.files().createDirectories(storage.root(), folder);
          storage.files().write(file, Base64.getEncoder().encodeToString(secret) + "\n", turn);
          return true;
        });
  }

  private Optional<byte[]> read() throws IOException {
    Optional<String> text = storage.files().read(file);
    return text.isEmpty() ? Optional.empty() : Optional.of(decoded(text.get()));
  }

  private byte[] decoded(String text) throws IOException {
    try {
      byte[] secret = Base64.getDecoder().decode(text.strip());
      if (secret.length == BYTES) {
        return secret;
      }
    } catch (IllegalArgumentException notBase64) {
      // What it says is not for anybody's eyes.
    }
    throw new FileSystemException(
        file.toString(), null, "damaged (fix: remove it, and another one is made)");
  }
}
