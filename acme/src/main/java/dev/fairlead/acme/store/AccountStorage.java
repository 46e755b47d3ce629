package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account at one CA. The key is there before the CA hears of it: an account whose URL was lost
 * is found again with its key. Thread-safe.
 */
public final class AccountStorage {

  private static final Logger LOG = LoggerFactory.getLogger(AccountStorage.class);

  private final Storage storage;
  private final Path path;
  private final LockName lock;
  private final AtomicBoolean remarked = new AtomicBoolean();

  public AccountStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.path = storage.root().resolve("accounts").resolve(FileNames.of(directory));
    this.lock = LockName.account(directory);
  }

  /**
   * The account's key. One that others may read is used, and named in the log once.
   *
   * @throws StorageException also when the file is damaged
   */
  public Optional<KeyPair> key() throws StorageException, InterruptedException {
    return storage.write(
        path,
        turn -> {
          storage.files().refresh(storage.root(), path);
          Optional<String> text = storage.files().read(keyFile());
          if (text.isEmpty()) {
            return Optional.empty();
          }
          remark(storage.files().readableByOthers(keyFile()));
          return Optional.of(parse(keyFile(), text.get()));
        });
  }

  /** Whether there is a key, or a file in its place. Writes nothing. */
  public boolean hasKey() throws StorageException, InterruptedException {
    return storage.read(path, turn -> storage.files().read(keyFile()).isPresent());
  }

  private void remark(Optional<String> sentence) {
    if (sentence.isPresent() && remarked.compareAndSet(false, true)) {
      LOG.warn("account at the CA: {}", sentence.get());
    }
  }

  /** Keeps a new key; the caller holds the account's lock. */
  public void saveKey(KeyPair key) throws StorageException, InterruptedException {
    save(keyFile(), key);
  }

  private void save(Path file, KeyPair key) throws StorageException, InterruptedException {
    String text = KeyPairText.of(key);
    storage.write(
        path,
        lock,
        turn -> {
          storage.files().createDirectories(storage.root(), path);
          storage.files().write(file, text, turn);
          return true;
        });
  }

  /**
   * The key that the account is about to have; there is one in the middle of a roll-over only.
   *
   * @throws StorageException also when the file is damaged
   */
  public Optional<KeyPair> nextKey() throws StorageException, InterruptedException {
    return storage.read(
        path,
        turn -> {
          Optional<String> text = storage.files().read(nextKeyFile());
          return text.isEmpty() ? Optional.empty() : Optional.of(parse(nextKeyFile(), text.get()));
        });
  }

  /** Keeps the key that the account shall have; the caller holds the account's lock. */
  public void saveNextKey(KeyPair key) throws StorageException, InterruptedException {
    save(nextKeyFile(), key);
  }

  /** The CA has taken the next key; the caller holds the account's lock. */
  public void takeNextKey() throws StorageException, InterruptedException {
    storage.write(
        path,
        lock,
        turn -> {
          turn.checkWanted();
          storage.files().rename(nextKeyFile(), keyFile());
          storage.files().sync(path);
          return true;
        });
  }

  /** The CA has not taken the next key; the caller holds the account's lock. */
  public void dropNextKey() throws StorageException, InterruptedException {
    storage.write(
        path,
        lock,
        turn -> {
          turn.checkWanted();
          storage.files().delete(nextKeyFile());
          return true;
        });
  }

  /** The account's URL at the CA (RFC 8555 §7.3); empty when it is not known. */
  public Optional<URI> url() throws StorageException, InterruptedException {
    return storage.read(path, turn -> storage.files().read(urlFile()).flatMap(this::url));
  }

  /** Keeps the account's URL; the caller holds the account's lock. */
  public void saveUrl(URI url) throws StorageException, InterruptedException {
    String text = Json.MAPPER.createObjectNode().put("url", url.toString()).toPrettyString() + "\n";
    storage.write(
        path,
        lock,
        turn -> {
          storage.files().write(urlFile(), text, turn);
          return true;
        });
  }

  private Path keyFile() {
    return path.resolve("account.key.pem");
  }

  private Path nextKeyFile() {
    return path.resolve("account.next.key.pem");
  }

  private Path urlFile() {
    return path.resolve("account.json");
  }

  private static KeyPair parse(Path file, String text) throws StorageException {
    try {
      return KeyPairText.parse(text);
    } catch (GeneralSecurityException e) {
      throw new StorageException(
          "%s: %s (expected: a private and a public key; fix: remove the file, a new account is made)"
              .formatted(file, e.getMessage()));
    }
  }

  private Optional<URI> url(String text) {
    try {
      return Optional.of(Json.MAPPER.readTree(text).path("url").asText())
          .filter(url -> url.startsWith("http"))
          .map(URI::create);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
