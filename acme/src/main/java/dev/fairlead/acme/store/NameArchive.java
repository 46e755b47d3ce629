package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the folders of names go that nobody wants any more, and come back from. A folder is moved
 * whole, by one rename: at each moment it is in one of the two places. Nothing is ever removed but
 * what is empty. Thread-safe.
 */
public final class NameArchive {

  private static final Logger LOG = LoggerFactory.getLogger(NameArchive.class);

  private static final Pattern STAMP = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Storage storage;
  private final List<String> authorities;
  private final Path names;
  private final Path archive;

  /**
   * What is in a name's folder beside its certificates.
   *
   * @param isThere whether there is a folder
   */
  public record Seen(boolean isThere, Optional<WantedNote> note) {}

  /**
   * @param directories of the CAs whose certificates are of use
   */
  public NameArchive(Storage storage, List<URI> directories) {
    this.storage = storage;
    this.authorities = directories.stream().map(FileNames::of).toList();
    this.names = storage.root().resolve("certificates");
    this.archive = storage.root().resolve("archive");
  }

  /** All names that have a folder in use. */
  public List<NameFolder> stored() throws StorageException, InterruptedException {
    return storage.read(names, turn -> folders(names));
  }

  /** All names that were ever archived, and not brought back since. */
  public List<NameFolder> archived() throws StorageException, InterruptedException {
    return storage.read(archive, turn -> folders(archive));
  }

  /** Whether there is a folder of a host in the archive. */
  public boolean isArchived(HostPattern host) throws StorageException, InterruptedException {
    Path home = archive.resolve(FileNames.of(host));
    return storage.read(home, turn -> !stamps(home).isEmpty());
  }

  /** What is noted of a name, perhaps as this machine remembers it. */
  public Optional<WantedNote> note(NameFolder name) throws StorageException, InterruptedException {
    return storage.read(folder(name), turn -> WantedNotes.read(storage, folder(name)));
  }

  /** As the server has it; under the name's lock. Makes no folder where there is none. */
  public Seen look(NameFolder name) throws StorageException, InterruptedException {
    Path folder = folder(name);
    return storage.write(
        folder,
        turn -> {
          storage.files().refresh(storage.root(), names);
          if (!isDirectory(folder)) {
            return new Seen(false, Optional.empty());
          }
          storage.files().refresh(storage.root(), folder);
          return new Seen(true, WantedNotes.read(storage, folder));
        });
  }

  /** Notes it; under the name's lock. */
  public void keep(NameFolder name, WantedNote note) throws StorageException, InterruptedException {
    storage.write(
        folder(name),
        name.lock(),
        turn -> {
          WantedNotes.write(storage, folder(name), note, turn);
          return true;
        });
  }

  /**
   * Puts a name's folder away; under the name's lock.
   *
   * @return where it is now
   */
  public Path put(NameFolder name, Instant now) throws StorageException, InterruptedException {
    return storage.write(
        folder(name),
        name.lock(),
        turn -> {
          Path there = putAway(name, now, turn);
          tell(turn);
          return there;
        });
  }

  /**
   * Brings back what was archived last of a host, when a CA's certificate in it is still good;
   * under the name's lock. Where a good one is in use that stays; what else is in its place goes
   * into the archive.
   *
   * @param note what is to be noted of it
   * @return whether there may be a certificate in use now
   */
  public boolean restore(HostPattern host, Instant now, WantedNote note)
      throws StorageException, InterruptedException {
    NameFolder name = NameFolder.of(host);
    return storage.write(
        folder(name), name.lock(), turn -> restore(host, name, now, note, turn).isPresent());
  }

  /** Nobody looks at a name's folders any more: what was wrong with them does not matter. */
  public void forget(NameFolder name) {
    storage.forget(folder(name));
    storage.forget(archive.resolve(name.text()));
  }

  private Optional<Path> restore(
      HostPattern host, NameFolder name, Instant now, WantedNote note, IoTurn turn)
      throws IOException {
    Path home = archive.resolve(name.text());
    Path folder = folder(name);
    refreshInUse(folder);
    if (hasGood(folder, host, now)) {
      return Optional.of(folder); // another one has, or this call before the server stumbled
    }
    refresh(home);
    for (Path candidate : stamps(home)) {
      if (hasGood(candidate, host, now)) {
        WantedNotes.write(storage, candidate, note, turn);
        makeRoom(name, now, turn);
        turn.checkWanted();
        move(candidate, folder);
        removeIfEmpty(home);
        tell(turn);
        LOG.info("certificate of {}: brought back from {}", host, candidate);
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private boolean hasGood(Path folder, HostPattern host, Instant now) throws IOException {
    for (String authority : authorities) {
      Optional<KeyAndChain> pair =
          CertificateStorage.folder(storage, folder.resolve(authority)).load().pair();
      if (pair.isPresent()
          && now.isBefore(pair.get().notAfter())
          && Names.isFor(pair.get().leaf(), host)) {
        return true;
      }
    }
    return false;
  }

  /** Who is about to order may have made a folder already, which often is empty. */
  private void makeRoom(NameFolder name, Instant now, IoTurn turn) throws IOException {
    Path folder = folder(name);
    if (!isDirectory(folder)) {
      return;
    }
    for (Path authority : directories(folder)) {
      removeIfEmpty(authority);
    }
    removeIfEmpty(folder);
    if (isDirectory(folder)) {
      putAway(name, now, turn);
    }
  }

  private Path putAway(NameFolder name, Instant now, IoTurn turn) throws IOException {
    Path home = archive.resolve(name.text());
    storage.files().createDirectories(storage.root(), home);
    Path there = home.resolve(TIME.format(now) + "-" + Files0600.randomHex(6));
    turn.checkWanted();
    move(folder(name), there);
    return there;
  }

  private void move(Path from, Path to) throws IOException {
    try {
      storage.files().rename(from, to);
    } catch (NoSuchFileException e) {
      // An NFS client that had no answer asks again, and hears that it is gone.
      if (!isDirectory(to)) {
        throw e;
      }
    }
    storage.files().sync(parent(to));
    storage.files().sync(parent(from));
  }

  /** Others look what they have of it. */
  private void tell(IoTurn turn) throws IOException {
    storage.files().write(names.resolve(".changed"), Files0600.randomHex(16) + "\n", turn);
  }

  /** What another instance ordered a moment ago is seen, too. */
  private void refreshInUse(Path folder) throws IOException {
    storage.files().refresh(storage.root(), names);
    if (isDirectory(folder)) {
      storage.files().refresh(storage.root(), folder);
      for (Path authority : directories(folder)) {
        storage.files().refresh(storage.root(), authority);
      }
    }
  }

  /** The same of what it archived. */
  private void refresh(Path home) throws IOException {
    storage.files().revalidate(storage.root());
    for (Path directory : List.of(archive, home)) {
      if (!isDirectory(directory)) {
        return;
      }
      storage.files().refresh(storage.root(), directory);
    }
  }

  /** The folders of one name in the archive, the newest first. */
  private List<Path> stamps(Path home) throws IOException {
    return directories(home).stream()
        .filter(stamp -> STAMP.matcher(String.valueOf(stamp.getFileName())).matches())
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private List<NameFolder> folders(Path directory) throws IOException {
    return directories(directory).stream()
        .map(folder -> NameFolder.parse(String.valueOf(folder.getFileName())))
        .flatMap(Optional::stream)
        .toList();
  }

  private List<Path> directories(Path directory) throws IOException {
    storage.files().before(directory);
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(NameArchive::isDirectory).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void removeIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // then it stays
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " (expected: below the storage)");
    }
    return parent;
  }

  private Path folder(NameFolder name) {
    return names.resolve(name.text());
  }
}
