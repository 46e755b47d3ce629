package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How it stands with each name at one CA, and the key of the certificate that is ordered for it.
 * Written by who holds the name's lock. Thread-safe.
 */
public final class NameStateStorage {

  private static final Logger LOG = LoggerFactory.getLogger(NameStateStorage.class);

  private static final String FILE = "state.json";
  private static final String FORMER = "attempts.json";

  private final Storage storage;
  private final String authority;

  /**
   * @param directory of the CA
   */
  public NameStateStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.authority = FileNames.of(directory);
  }

  /** What is known; {@link NameState#NEW} when nothing is. */
  public NameState load(HostPattern host) throws StorageException, InterruptedException {
    return storage.read(path(host), turn -> read(host));
  }

  /** As the server has it, whatever this machine remembers. */
  public NameState loadFresh(HostPattern host) throws StorageException, InterruptedException {
    return storage.write(
        path(host),
        turn -> {
          storage.files().refresh(storage.root(), path(host));
          return read(host);
        });
  }

  /** Keeps a state, down to the disk. */
  public void save(HostPattern host, NameState state)
      throws StorageException, InterruptedException {
    String text = text(state);
    storage.write(
        path(host),
        LockName.of(host),
        turn -> {
          storage.files().createDirectories(storage.root(), path(host));
          storage.files().write(file(host), text, turn);
          storage.files().delete(former(host));
          return true;
        });
  }

  /**
   * The key that was kept for the order that is under way; empty when there is none, or it is
   * damaged.
   */
  public Optional<KeyPair> key(HostPattern host) throws StorageException, InterruptedException {
    return storage.read(
        path(host),
        turn -> storage.files().read(keyFile(host)).flatMap(NameStateStorage::parseKey));
  }

  /** Keeps the key of a certificate before the CA is asked for it. */
  public void saveKey(HostPattern host, KeyPair key) throws StorageException, InterruptedException {
    String text = KeyPairText.of(key);
    storage.write(
        path(host),
        LockName.of(host),
        turn -> {
          storage.files().createDirectories(storage.root(), path(host));
          storage.files().write(keyFile(host), text, turn);
          return true;
        });
  }

  /** No order needs the key any more, nor what those left who died while they wrote one. */
  public void removeKey(HostPattern host) throws StorageException, InterruptedException {
    storage.write(
        path(host),
        LockName.of(host),
        turn -> {
          turn.checkWanted(); // by now there may be another's order, with its key
          storage.files().delete(keyFile(host));
          storage.files().deleteTemporary(path(host));
          return true;
        });
  }

  private static Optional<KeyPair> parseKey(String text) {
    try {
      return Optional.of(KeyPairText.parse(text));
    } catch (GeneralSecurityException e) {
      LOG.warn("an order.key.pem: ignored, {} (fix: none needed, it is replaced)", e.getMessage());
      return Optional.empty();
    }
  }

  private NameState read(HostPattern host) throws IOException {
    return read(storage, path(host));
  }

  /** That of a name's folder; on the storage's threads. */
  static NameState read(Storage storage, Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    Optional<String> text = storage.files().read(file);
    return text.isPresent()
        ? parse(text.get(), file)
        : storage
            .files()
            .read(folder.resolve(FORMER))
            .map(NameStateStorage::parseFormer)
            .orElse(NameState.NEW);
  }

  private static String text(NameState state) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("step", state.step().word());
    state.step().order().ifPresent(order -> json.put("order", order.toString()));
    json.put("failures", state.failures())
        .put("nextAttempt", state.nextAttempt().toString())
        .put("lastError", state.lastError());
    if (!state.dns().equals(SeenInDns.NOTHING)) {
      json.put("dnsCounts", state.dns().counts());
      state.dns().answers().forEach(json.putArray("dns")::add);
    }
    if (!state.together().isEmpty()) {
      ArrayNode names = json.putArray("together");
      state.together().forEach(name -> names.add(name.toString()));
    }
    return json.toPrettyString() + "\n";
  }

  private static NameState parse(String text, Path file) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      Optional<URI> order =
          Optional.of(json.path("order").asText())
              .filter(url -> url.startsWith("http"))
              .map(URI::create);
      Optional<Step> step = Step.of(json.path("step").asText(), order);
      if (step.isPresent()) {
        return state(json, step.get());
      }
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      // as what has no step
    }
    LOG.warn("{}: not understood, and ignored (fix: none needed, it is replaced)", file);
    return NameState.NEW;
  }

  /** What versions wrote that knew no steps. */
  private static NameState parseFormer(String text) {
    try {
      return state(Json.MAPPER.readTree(text), new Step.Wanted());
    } catch (JsonProcessingException | DateTimeException e) {
      return NameState.NEW;
    }
  }

  private static NameState state(JsonNode json, Step step) {
    return new NameState(
        step,
        Math.max(0, json.path("failures").asInt()),
        Instant.parse(json.path("nextAttempt").asText()),
        json.path("lastError").asText(),
        new SeenInDns(
            json.path("dns").valueStream().map(JsonNode::asText).toList(),
            json.path("dnsCounts").asBoolean()),
        json.path("together")
            .valueStream()
            .flatMap(name -> HostPattern.parse(name.asText()).stream())
            .toList());
  }

  private Path file(HostPattern host) {
    return path(host).resolve(FILE);
  }

  private Path former(HostPattern host) {
    return path(host).resolve(FORMER);
  }

  private Path keyFile(HostPattern host) {
    return path(host).resolve("order.key.pem");
  }

  private Path path(HostPattern host) {
    return storage.certificates(host, authority);
  }
}
