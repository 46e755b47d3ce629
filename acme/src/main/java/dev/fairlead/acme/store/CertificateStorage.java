package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The certificates of one CA on the share. Thread-safe. */
public final class CertificateStorage {

  private final Storage storage;
  private final String authority;

  /**
   * @param directory of the CA whose certificates are meant
   */
  public CertificateStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.authority = FileNames.of(directory);
  }

  /**
   * The stored pair, or nothing when it is the generation that the caller has already.
   *
   * @param known the generation that the caller has
   */
  public Optional<LoadedPair> loadIfChanged(HostPattern host, Optional<String> known)
      throws StorageException, InterruptedException {
    PairFolder folder = folder(host);
    return storage.read(
        path(host),
        turn -> {
          Optional<String> current = folder.current();
          if (current.isEmpty()) {
            storage.checkThere();
          }
          return current.isPresent() && current.equals(known)
              ? Optional.empty()
              : Optional.of(folder.load());
        });
  }

  /**
   * As the server has it at this moment, whatever this machine remembers: what decides about an
   * order is read this way, under the lock.
   */
  public LoadedPair loadFresh(HostPattern host) throws StorageException, InterruptedException {
    PairFolder folder = folder(host);
    return storage.write(
        path(host),
        turn -> {
          folder.refresh();
          return folder.load();
        });
  }

  /** Stores a pair; the caller holds the name's lock. */
  public void save(HostPattern host, KeyAndChain pair, Instant now)
      throws StorageException, InterruptedException {
    PairFolder folder = folder(host);
    storage.write(
        path(host),
        LockName.of(host),
        turn -> {
          folder.save(pair, now, turn);
          storage.files().write(changes(), Files0600.randomHex(16) + "\n", turn);
          return true;
        });
  }

  /**
   * Another text after each certificate that any instance has stored: one small file to look at in
   * place of all of them. Empty before the first.
   */
  public Optional<String> changeMark() throws StorageException, InterruptedException {
    return storage.read(changes(), turn -> storage.files().read(changes()));
  }

  /** The host is not wanted any more. */
  public void forget(HostPattern host) {
    storage.forget(path(host));
  }

  /** A host that a certificate can be stored for. */
  public static boolean isStorable(HostPattern host) {
    return FileNames.isStorable(host);
  }

  private PairFolder folder(HostPattern host) {
    return folder(storage, path(host));
  }

  static PairFolder folder(Storage storage, Path folder) {
    return new PairFolder(storage.root(), folder, "fullchain.pem", storage.files());
  }

  private Path changes() {
    return storage.root().resolve("certificates").resolve(".changed");
  }

  private Path path(HostPattern host) {
    return storage.certificates(host, authority);
  }
}
