package dev.fairlead.acme.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.acme.store.RenewalAdvice.Window;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a name's renewals at one CA: what the CA suggests, what people ask for, and that
 * it keeps failing. Written by who holds the name's lock. Thread-safe.
 */
public final class RenewalStorage {

  private static final String ADVICE = "renewal.json";
  private static final String REQUEST = "requested.json";
  private static final String OUTAGE = "outage.json";

  private final Storage storage;
  private final String authority;

  /** What is kept of one name. */
  public record Kept(
      Optional<RenewalAdvice> advice, Optional<RenewalRequest> request, Optional<Outage> outage) {

    /** Nothing. */
    public static final Kept NOTHING =
        new Kept(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param directory of the CA whose certificates are meant
   */
  public RenewalStorage(Storage storage, URI directory) {
    this.storage = storage;
    this.authority = FileNames.of(directory);
  }

  /** All of it, in one operation: every look at a name asks for it. */
  public Kept read(HostPattern host) throws StorageException, InterruptedException {
    Path folder = folder(host);
    return storage.read(folder, turn -> read(storage, folder));
  }

  /** That of a name's folder; on the storage's threads. */
  static Kept read(Storage storage, Path folder) throws IOException {
    Set<String> there = files(storage, folder); // most names have one of them, or none
    return new Kept(
        text(storage, there, folder, ADVICE).flatMap(RenewalStorage::parseAdvice),
        text(storage, there, folder, REQUEST).flatMap(RenewalStorage::parseRequest),
        text(storage, there, folder, OUTAGE).flatMap(RenewalStorage::parseOutage));
  }

  /** Keeps what a CA suggests. */
  public void saveAdvice(HostPattern host, RenewalAdvice advice)
      throws StorageException, InterruptedException {
    ObjectNode json = Json.MAPPER.createObjectNode().put("certificate", advice.certificate());
    advice
        .window()
        .ifPresent(
            window ->
                json.put("start", window.start().toString()).put("end", window.end().toString()));
    advice.explanation().ifPresent(page -> json.put("explanation", page));
    json.put("since", advice.since().toString()).put("askAgain", advice.askAgain().toString());
    write(host, ADVICE, json, false);
  }

  /** Keeps that the CA keeps failing. */
  public void saveOutage(HostPattern host, Outage outage)
      throws StorageException, InterruptedException {
    write(
        host,
        OUTAGE,
        Json.MAPPER
            .createObjectNode()
            .put("failures", outage.failures())
            .put("since", outage.since().toString()),
        false);
  }

  /** The CA does not fail any more, or another one has helped. */
  public void removeOutage(HostPattern host) throws StorageException, InterruptedException {
    remove(host, OUTAGE);
  }

  /** Asks all instances on the share for a new certificate. */
  public void saveRequest(HostPattern host, RenewalRequest request)
      throws StorageException, InterruptedException {
    ObjectNode json =
        Json.MAPPER
            .createObjectNode()
            .put("certificate", request.certificate())
            .put("newKey", request.newKey())
            .put("time", request.time().toString());
    write(host, REQUEST, json, true);
  }

  /** The wish was fulfilled. */
  public void removeRequest(HostPattern host) throws StorageException, InterruptedException {
    remove(host, REQUEST);
  }

  private void remove(HostPattern host, String file) throws StorageException, InterruptedException {
    Path folder = folder(host);
    storage.write(
        folder,
        LockName.of(host),
        turn -> {
          turn.checkWanted();
          storage.files().delete(folder.resolve(file));
          return true;
        });
  }

  private void write(HostPattern host, String file, ObjectNode json, boolean tell)
      throws StorageException, InterruptedException {
    Path folder = folder(host);
    Path certificates = storage.root().resolve("certificates");
    String text = json.toPrettyString() + "\n";
    storage.write(
        folder,
        LockName.of(host),
        turn -> {
          storage.files().createDirectories(storage.root(), folder);
          storage.files().write(folder.resolve(file), text, turn);
          if (tell) {
            storage
                .files()
                .write(certificates.resolve(".changed"), Files0600.randomHex(16) + "\n", turn);
          }
          return true;
        });
  }

  private static Optional<String> text(Storage storage, Set<String> there, Path folder, String file)
      throws IOException {
    return there.contains(file) ? storage.files().read(folder.resolve(file)) : Optional.empty();
  }

  private static Set<String> files(Storage storage, Path folder) throws IOException {
    storage.files().before(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    }
  }

  /** Empty for what we did not write: then the CA is asked. */
  private static Optional<RenewalAdvice> parseAdvice(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      Optional<Window> window =
          json.has("start")
              ? Optional.of(new Window(time(json, "start"), time(json, "end")))
              : Optional.empty();
      return Optional.of(
          new RenewalAdvice(
              json.path("certificate").asText(),
              window,
              Optional.of(json.path("explanation").asText()).filter(page -> !page.isEmpty()),
              time(json, "since"),
              time(json, "askAgain")));
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<RenewalRequest> parseRequest(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      return Optional.of(
          new RenewalRequest(
              json.path("certificate").asText(),
              json.path("newKey").asBoolean(),
              time(json, "time")));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Outage> parseOutage(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      return Optional.of(
          new Outage(Math.max(0, json.path("failures").asInt()), time(json, "since")));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant time(JsonNode json, String field) {
    return Instant.parse(json.path(field).asText());
  }

  private Path folder(HostPattern host) {
    return storage.certificates(host, authority);
  }
}
