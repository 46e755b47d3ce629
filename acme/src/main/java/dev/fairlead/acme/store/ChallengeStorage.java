package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers to challenges, for whichever instance the CA's request reaches. Thread-safe. Names of
 * files come from visitors: only a token's alphabet and host names pass.
 */
public final class ChallengeStorage {

  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private final Storage storage;
  private final Path http;
  private final Path tls;

  public ChallengeStorage(Storage storage) {
    this.storage = storage;
    Path challenges = storage.root().resolve("challenges");
    this.http = challenges.resolve("http-01");
    this.tls = challenges.resolve("tls-alpn-01");
  }

  /** Whether a token may be one: base64url, at most 128 characters (RFC 8555 §8.3). */
  public static boolean isToken(String token) {
    return FileNames.isToken(token);
  }

  /**
   * What answers an http-01 challenge.
   *
   * @throws StorageException when nothing can be said, as where the share is not mounted any more
   */
  public Optional<String> keyAuthorization(String token)
      throws StorageException, InterruptedException {
    return isToken(token) ? lookUp(http.resolve(token)) : Optional.empty();
  }

  public void saveKeyAuthorization(String token, String keyAuthorization)
      throws StorageException, InterruptedException {
    if (!isToken(token)) {
      throw new IllegalArgumentException("token (expected: base64url, 1 to 128 characters)");
    }
    save(http, http.resolve(token), keyAuthorization);
  }

  public void removeKeyAuthorization(String token) throws StorageException, InterruptedException {
    remove(http, http.resolve(token));
  }

  /** The certificate that answers a tls-alpn-01 challenge for a host (RFC 8737 §3). */
  public Optional<KeyAndChain> validationCertificate(HostPattern host)
      throws StorageException, InterruptedException {
    return lookUp(validationFile(host)).flatMap(ChallengeStorage::parse);
  }

  private Optional<String> lookUp(Path file) throws StorageException, InterruptedException {
    return storage.lookUp(
        turn -> {
          Optional<String> text = storage.files().read(file);
          if (text.isEmpty()) {
            storage.checkThere();
          }
          return text;
        });
  }

  public void saveValidationCertificate(HostPattern host, KeyAndChain pair)
      throws StorageException, InterruptedException {
    save(tls, validationFile(host), Pem.of(pair.privateKey()) + Pem.of(pair.chain()));
  }

  public void removeValidationCertificate(HostPattern host)
      throws StorageException, InterruptedException {
    remove(tls, validationFile(host));
  }

  private Path validationFile(HostPattern host) {
    return tls.resolve(FileNames.of(host) + ".pem");
  }

  private void save(Path directory, Path file, String text)
      throws StorageException, InterruptedException {
    storage.write(
        directory,
        turn -> {
          storage.files().createDirectories(storage.root(), directory);
          removeForgotten(directory);
          storage.files().write(file, text, turn);
          return true;
        });
  }

  /** What an instance that died in the middle of an order left behind. */
  private void removeForgotten(Path directory) throws IOException {
    Instant limit = Instant.now().minus(FORGOTTEN);
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (last(entry).isBefore(limit)) {
          storage.files().delete(entry);
        }
      }
    }
  }

  /** An answer got its name after its time; what has no answer's name is being written. */
  private Instant last(Path entry) throws IOException {
    return String.valueOf(entry.getFileName()).startsWith(".")
        ? storage.files().changed(entry)
        : storage.files().modified(entry);
  }

  private void remove(Path directory, Path file) throws StorageException, InterruptedException {
    storage.write(
        directory,
        turn -> {
          storage.files().delete(file);
          return true;
        });
  }

  private static Optional<KeyAndChain> parse(String text) {
    try {
      PrivateKey key = Pem.privateKey(text);
      List<X509Certificate> chain = Pem.certificates(text);
      return Keys.belongTogether(key, chain.getFirst().getPublicKey())
          ? Optional.of(new KeyAndChain(key, chain))
          : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
