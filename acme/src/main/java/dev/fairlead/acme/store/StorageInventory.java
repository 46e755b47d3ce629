package dev.fairlead.acme.store;

import dev.fairlead.acme.store.StoredName.Routing;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that is stored under a name, of whatever CA. Writes nothing. Thread-safe. */
public final class StorageInventory {

  private static final String ROOT = "0";

  private final Storage storage;
  private final Path certificates;
  private final Path archive;

  public StorageInventory(Storage storage) {
    this.storage = storage;
    this.certificates = storage.root().resolve("certificates");
    this.archive = storage.root().resolve("archive");
  }

  /** What the folders of a CA are called. */
  public static String authority(URI directory) {
    return FileNames.of(directory);
  }

  /** Whether there is a storage at all. */
  public boolean exists() throws StorageException, InterruptedException {
    return storage.read(storage.root(), turn -> owner()).isPresent();
  }

  /**
   * Why this process should not write here: root may, but the proxy could not read it then; others
   * mostly may not. Who may without being the owner is squashed to it by the server. Empty when
   * nothing is wrong with it.
   */
  public Optional<String> ownedBySomebodyElse() throws StorageException, InterruptedException {
    Optional<String> owner = storage.lookAt(turn -> foreignOwner());
    return owner.map(
        uid ->
            "storage %1$s: belongs to uid %2$s, and this runs as uid %3$s (fix: run it as uid %2$s, in a container by docker exec -u %2$s <container> fairlead …)"
                .formatted(storage.root(), uid, Explain.uid()));
  }

  /** Where root is the owner somebody made it by mistake: the storage's own sentence says so. */
  private Optional<String> foreignOwner() throws IOException {
    String own = Explain.uid();
    return owner()
        .filter(uid -> !uid.equals(own) && !uid.equals(ROOT))
        .filter(_ -> own.equals(ROOT) || !Files.isWritable(storage.root()));
  }

  private Optional<String> owner() throws IOException {
    storage.files().before(storage.root());
    try {
      return Optional.of(String.valueOf(Files.getAttribute(storage.root(), "unix:uid")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * All names in the order of their folders, without those in the archive. One that cannot be read
   * has a remark that says so.
   *
   * @throws StorageException when the names themselves cannot be read
   */
  public List<StoredName> all() throws StorageException, InterruptedException {
    List<StoredName> all = new ArrayList<>();
    for (String folder : folders(certificates)) {
      Path path = certificates.resolve(folder);
      add(all, folder, path, routing(path));
    }
    return all;
  }

  /** The same of what is in the archive; a name is there as often as it was archived. */
  public List<StoredName> archived() throws StorageException, InterruptedException {
    List<StoredName> all = new ArrayList<>();
    for (String folder : folders(archive)) {
      for (String stamp : folders(archive.resolve(folder))) {
        add(all, folder, archive.resolve(folder).resolve(stamp), Routing.ARCHIVED);
      }
    }
    return all;
  }

  private void add(List<StoredName> all, String folder, Path path, Routing routing)
      throws StorageException, InterruptedException {
    for (String authority : folders(path)) {
      all.add(one(folder, path, authority, routing));
    }
  }

  private Routing routing(Path folder) throws InterruptedException {
    try {
      return storage.read(folder, turn -> WantedNotes.read(storage, folder)).stream()
              .anyMatch(WantedNote::isUnwanted)
          ? Routing.NOT_ROUTED
          : Routing.ROUTED;
    } catch (StorageException e) {
      return Routing.ROUTED; // what is wrong is said of what is in it
    }
  }

  private StoredName one(String folder, Path names, String authority, Routing routing)
      throws InterruptedException {
    Path path = names.resolve(authority);
    String name = FileNames.host(folder).map(HostPattern::toString).orElse(folder);
    PairFolder pairs = CertificateStorage.folder(storage, path);
    try {
      return storage.read(
          path,
          turn ->
              new StoredName(
                  name,
                  authority,
                  pairs.load(),
                  NameStateStorage.read(storage, path),
                  RenewalStorage.read(storage, path).advice(),
                  routing));
    } catch (StorageException e) {
      return StoredName.unreadable(name, authority, routing, e);
    }
  }

  private List<String> folders(Path directory) throws StorageException, InterruptedException {
    return storage.read(directory, turn -> list(directory));
  }

  private List<String> list(Path directory) throws IOException {
    storage.files().before(directory);
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
