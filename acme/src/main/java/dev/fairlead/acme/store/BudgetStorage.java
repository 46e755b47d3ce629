package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has been spent of the limits of one CA: moments, by what they are about. What is about the
 * account is written under the lock {@link LockName#budget}, what is about one name under that of
 * the name. Thread-safe.
 */
public final class BudgetStorage {

  private final Storage storage;
  private final URI directory;
  private final Path path;

  /**
   * @param directory of the CA
   */
  public BudgetStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.directory = directory;
    this.path =
        storage.root().resolve("accounts").resolve(FileNames.of(directory)).resolve("budget");
  }

  /** What is about the account, as the server has it. */
  public Map<String, Instant> account() throws StorageException, InterruptedException {
    return load(accountFile());
  }

  /** Keeps what is about the account, down to the disk; the caller holds the budget's lock. */
  public void saveAccount(Map<String, Instant> moments)
      throws StorageException, InterruptedException {
    save(accountFile(), LockName.budget(directory), moments);
  }

  /** What is about one name, as the server has it. */
  public Map<String, Instant> name(HostPattern host) throws StorageException, InterruptedException {
    return load(nameFile(host));
  }

  /** Keeps what is about one name, down to the disk; the caller holds the name's lock. */
  public void saveName(HostPattern host, Map<String, Instant> moments)
      throws StorageException, InterruptedException {
    save(nameFile(host), LockName.of(host), moments);
  }

  private Map<String, Instant> load(Path file) throws StorageException, InterruptedException {
    return storage.write(
        file, // not the folder: what is right of one name is no news of another
        turn -> {
          storage.files().refresh(storage.root(), path);
          Optional<String> text = storage.files().read(file);
          return text.isPresent() ? parse(text.get(), file) : Map.of();
        });
  }

  private void save(Path file, LockName guard, Map<String, Instant> moments)
      throws StorageException, InterruptedException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    new TreeMap<>(moments).forEach((what, when) -> json.put(what, when.toString()));
    String text = json.toPrettyString() + "\n";
    storage.write(
        file,
        guard,
        turn -> {
          storage.files().createDirectories(storage.root(), path);
          storage.files().write(file, text, turn);
          return true;
        });
  }

  // Nothing is ordered as long as it is not known what was: whoever edited the file has to see it.
  private static Map<String, Instant> parse(String text, Path file) throws IOException {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      if (!json.isObject()) { // an empty file too
        throw damaged(file);
      }
      Map<String, Instant> moments = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        moments.put(entry.getKey(), Instant.parse(entry.getValue().asText()));
      }
      return moments;
    } catch (JsonProcessingException | DateTimeException e) {
      throw damaged(file);
    }
  }

  private static StorageException damaged(Path file) {
    return new StorageException(
        "%s: damaged (fix: remove it; what was ordered before is not counted then)"
            .formatted(file));
  }

  private Path accountFile() {
    return path.resolve("@account.json");
  }

  private Path nameFile(HostPattern host) {
    return path.resolve(FileNames.of(host) + ".json");
  }
}
