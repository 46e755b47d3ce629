package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.store.PersistMemory.Sight;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the records of dns-persist-01 at one CA. Written by who holds the name's lock.
 * Thread-safe.
 */
public final class PersistStorage {

  private static final String FILE = "persist.json";

  private final Storage storage;
  private final String authority;

  /**
   * @param directory of the CA
   */
  public PersistStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.authority = FileNames.of(directory);
  }

  /** What is known; {@link PersistMemory#NOTHING} when nothing is. */
  public PersistMemory load(HostPattern host) throws StorageException, InterruptedException {
    Path folder = folder(host);
    return storage.read(
        folder,
        turn ->
            storage
                .files()
                .read(folder.resolve(FILE))
                .map(PersistStorage::parse)
                .orElse(PersistMemory.NOTHING));
  }

  /** Keeps it, down to the disk. */
  public void save(HostPattern host, PersistMemory memory)
      throws StorageException, InterruptedException {
    Path folder = folder(host);
    String text = text(memory);
    storage.write(
        folder,
        LockName.of(host),
        turn -> {
          storage.files().createDirectories(storage.root(), folder);
          storage.files().write(folder.resolve(FILE), text, turn);
          return true;
        });
  }

  private static String text(PersistMemory memory) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    memory.issuers().forEach(json.putArray("issuers")::add);
    memory
        .sight()
        .ifPresent(
            sight ->
                json.put("account", sight.account().toString())
                    .put("accountUri", sight.accountUri())
                    .put("since", sight.since().toString()));
    return json.toPrettyString() + "\n";
  }

  /** Nothing for what we did not write: then DNS is looked at. */
  private static PersistMemory parse(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      List<String> issuers = new ArrayList<>();
      json.path("issuers").forEach(name -> issuers.add(name.asText()));
      Optional<Sight> sight =
          json.has("accountUri")
              ? Optional.of(
                  new Sight(
                      URI.create(json.path("account").asText()),
                      json.path("accountUri").asText(),
                      Instant.parse(json.path("since").asText())))
              : Optional.empty();
      return new PersistMemory(issuers, sight);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      return PersistMemory.NOTHING;
    }
  }

  private Path folder(HostPattern host) {
    return storage.certificates(host, authority);
  }
}
