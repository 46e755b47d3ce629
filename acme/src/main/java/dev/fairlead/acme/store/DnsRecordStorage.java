package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which TXT records are in DNS because of orders: one file for each host, as the lock of a host is
 * held by one order. Thread-safe.
 */
public final class DnsRecordStorage {

  /** No order takes so long: its record is a leftover, whosever it was. */
  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private static final String ENDING = ".json";

  /** What is read goes to a provider, and to a program as arguments. */
  private static final Pattern NAME = Pattern.compile("_acme-challenge(\\.[a-z0-9_-]{1,63})+");

  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Storage storage;
  private final Path directory;

  public DnsRecordStorage(Storage storage) {
    this.storage = storage;
    this.directory = storage.root().resolve("challenges").resolve("dns-01");
  }

  /** Keeps a record that is about to be set; the caller holds the host's lock. */
  public KeptRecord save(HostPattern host, String provider, String name, String value)
      throws StorageException, InterruptedException {
    KeptRecord record = new KeptRecord(FileNames.of(host) + ENDING, provider, name, value);
    String text =
        Json.MAPPER
                .createObjectNode()
                .put("provider", provider)
                .put("name", name)
                .put("value", value)
                .toPrettyString()
            + "\n";
    storage.write(
        directory,
        turn -> {
          storage.files().createDirectories(storage.root(), directory);
          storage.files().write(directory.resolve(record.file()), text, turn);
          return true;
        });
    return record;
  }

  /**
   * What orders left behind: an earlier one of this host, and those of other hosts that began more
   * than a day ago. The caller holds the host's lock.
   */
  public List<KeptRecord> leftovers(HostPattern host)
      throws StorageException, InterruptedException {
    String own = FileNames.of(host) + ENDING;
    return storage.write(
        directory,
        turn -> {
          storage.files().refresh(storage.root(), directory);
          List<KeptRecord> records = new ArrayList<>();
          for (Path file : files()) {
            String name = String.valueOf(file.getFileName());
            if (name.equals(own) || isForgotten(file)) {
              read(name).ifPresent(records::add);
            }
          }
          return List.copyOf(records);
        });
  }

  /** The record is not in DNS any more. What another order has kept since stays. */
  public void remove(KeptRecord record) throws StorageException, InterruptedException {
    storage.write(
        directory,
        turn -> {
          if (read(record.file()).equals(Optional.of(record))) {
            storage.files().delete(directory.resolve(record.file()));
          }
          return true;
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(entry -> entry.toString().endsWith(ENDING)).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private boolean isForgotten(Path file) throws IOException {
    return storage.files().modified(file).isBefore(Instant.now().minus(FORGOTTEN));
  }

  private Optional<KeptRecord> read(String file) throws IOException {
    return storage.files().read(directory.resolve(file)).flatMap(text -> parse(file, text));
  }

  /** Empty for what we did not write. */
  private static Optional<KeptRecord> parse(String file, String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      return Optional.of(
              new KeptRecord(
                  file,
                  json.path("provider").asText(),
                  json.path("name").asText(),
                  json.path("value").asText()))
          .filter(
              record ->
                  NAME.matcher(record.name()).matches() && VALUE.matcher(record.value()).matches());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
