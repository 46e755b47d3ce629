package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The certificates of one CA on the share, and how their last orders went. Thread-safe. */
public final class CertificateStorage {

  private static final String ATTEMPTS = "attempts.json";

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

  /** How the last orders of a name went. */
  public Attempts attempts(HostPattern host) throws StorageException, InterruptedException {
    return storage.read(path(host), turn -> attempts(storage, path(host)));
  }

  /** Those of a name's folder; on the storage's threads. */
  static Attempts attempts(Storage storage, Path folder) throws IOException {
    return storage
        .files()
        .read(folder.resolve(ATTEMPTS))
        .map(CertificateStorage::parse)
        .orElse(Attempts.NONE);
  }

  /** Keeps how an order went; the caller holds the name's lock. */
  public void saveAttempts(HostPattern host, Attempts attempts)
      throws StorageException, InterruptedException {
    String text =
        Json.MAPPER
                .createObjectNode()
                .put("failures", attempts.failures())
                .put("nextAttempt", attempts.nextAttempt().toString())
                .put("lastError", attempts.lastError())
                .toPrettyString()
            + "\n";
    storage.write(
        path(host),
        LockName.of(host),
        turn -> {
          if (attempts.equals(Attempts.NONE)) {
            turn.checkWanted();
            storage.files().delete(attemptsFile(host));
          } else {
            storage.files().createDirectories(storage.root(), path(host));
            storage.files().write(attemptsFile(host), text, turn);
          }
          return true;
        });
  }

  /** The host is not wanted any more. */
  public void forget(HostPattern host) {
    storage.forget(path(host));
  }

  /** A host that a certificate can be stored for. */
  public static boolean isStorable(HostPattern host) {
    return FileNames.isStorable(host);
  }

  private static Attempts parse(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      return new Attempts(
          Math.max(0, json.path("failures").asInt()),
          Instant.parse(json.path("nextAttempt").asText()),
          json.path("lastError").asText());
    } catch (JsonProcessingException | DateTimeException e) {
      return Attempts.NONE;
    }
  }

  private Path attemptsFile(HostPattern host) {
    return path(host).resolve(ATTEMPTS);
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
    return storage.root().resolve("certificates").resolve(FileNames.of(host)).resolve(authority);
  }
}
