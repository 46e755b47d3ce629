package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was last seen of the share's certificates, on a disk of this machine, in the layout of the
 * share: for a start while the share is away. It follows the share and never says anything against
 * it. Methods block, for {@code storage.timeout} at most; none throws, as the copy's problems are
 * told apart. Thread-safe.
 */
public final class CertificateCopy implements AutoCloseable {

  /** A name that was not wanted for so long is removed. */
  static final Duration KEPT = Duration.ofDays(7);

  /** How exactly it is known when a name was wanted last: the note is written so often. */
  private static final Duration NOTED = Duration.ofDays(1);

  private static final String WANTED = "wanted";

  private final Storage place;
  private final Storage share;
  private final String sentence;

  /** What is known to be in it. */
  private final Map<CopiedName, KeyAndChain> known = new ConcurrentHashMap<>();

  /** What was taken from it while the share was away. */
  private final Set<CopiedName> taken = ConcurrentHashMap.newKeySet();

  /**
   * @param path its directory
   * @param timeout for one operation on it
   * @param share what it is a copy of; its problems say when the copy is used
   */
  public CertificateCopy(Path path, Duration timeout, Storage share) {
    this.place =
        new Storage(new StorageSettings(path, timeout), "storage.copy", StorageAccess.DIRECT);
    this.share = share;
    this.sentence =
        "storage %s: cannot be used, so certificates are served from the copy in %s, and none is ordered"
            .formatted(share.root(), place.root());
  }

  /** What is wrong with the copy. */
  public StorageProblems problems() {
    return place.problems();
  }

  /**
   * What a name had when the share was last there; it is said that the copy is used, until {@link
   * #shareAnswered}.
   *
   * @param now what has ended by then is of no use
   */
  public Optional<KeyAndChain> take(CopiedName name, Instant now) throws InterruptedException {
    try {
      Optional<KeyAndChain> found =
          certificates(name)
              .loadIfChanged(name.host(), Optional.empty())
              .flatMap(LoadedPair::pair)
              .filter(pair -> now.isBefore(pair.notAfter()));
      if (found.isPresent()) {
        known.put(name, found.get());
        taken.add(name);
        share.problems().found(name.what(), sentence);
      }
      return found;
    } catch (StorageException e) {
      return Optional.empty(); // the place itself says what is wrong with it
    }
  }

  /** The hosts that it has something of; none when it cannot be read. */
  public Set<HostPattern> hosts() throws InterruptedException {
    try {
      return place.read(names(), turn -> directories(names())).stream()
          .flatMap(folder -> FileNames.host(String.valueOf(folder.getFileName())).stream())
          .collect(Collectors.toUnmodifiableSet());
    } catch (StorageException e) {
      return Set.of(); // the place itself says what is wrong with it
    }
  }

  /** The share says itself what a name has, or nobody wants to know any more. Does not block. */
  public void shareAnswered(CopiedName name) {
    if (taken.remove(name)) {
      share.problems().gone(name.what());
    }
  }

  /**
   * Takes over what the share has for a name, unless it is there already.
   *
   * @return whether it is there now
   */
  public boolean keep(CopiedName name, KeyAndChain pair, Instant now) throws InterruptedException {
    if (pair.equals(known.get(name))) {
      return true;
    }
    try {
      Optional<KeyAndChain> there =
          certificates(name).loadIfChanged(name.host(), Optional.empty()).flatMap(LoadedPair::pair);
      if (!there.equals(Optional.of(pair))) {
        certificates(name).save(name.host(), pair, now);
      }
      known.put(name, pair);
      return true;
    } catch (StorageException e) {
      known.remove(name);
      return false; // the place itself says what is wrong with it
    }
  }

  /**
   * The share has nothing of a CA for a name; what it has of another one stays.
   *
   * @return whether nothing is there now
   */
  public boolean remove(CopiedName name) throws InterruptedException {
    known.remove(name);
    Path folder = folder(name);
    try {
      return place.read(
          folder,
          turn -> {
            delete(folder);
            return true;
          });
    } catch (StorageException e) {
      return false; // the place itself says what is wrong with it
    }
  }

  /**
   * Notes which names are wanted, and removes those that have not been for a week; those of a CA
   * that is not asked any more count as not wanted.
   *
   * @param wanted the names at each CA that may have what is served
   */
  public void sweep(Collection<CopiedName> wanted, Instant now) throws InterruptedException {
    known.keySet().retainAll(Set.copyOf(wanted));
    Set<Path> used = wanted.stream().map(this::folder).collect(Collectors.toSet());
    try {
      for (Path folder : place.read(names(), turn -> folders())) {
        place.read(
            folder,
            turn -> {
              sweep(folder, used.contains(folder), now, turn);
              return true;
            });
      }
    } catch (StorageException e) {
      // the place itself says what is wrong with it
    }
  }

  private List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path name : directories(names())) {
      folders.addAll(directories(name));
    }
    return folders;
  }

  private void sweep(Path folder, boolean wanted, Instant now, IoTurn turn) throws IOException {
    Path note = folder.resolve(WANTED);
    Optional<Instant> last = place.files().read(note).flatMap(CertificateCopy::instant);
    if (!wanted && last.isPresent() && !now.isBefore(last.get().plus(KEPT))) {
      delete(folder);
    } else if (last.isEmpty() || (wanted && !isWithin(NOTED, last.get(), now))) {
      place.files().write(note, now + "\n", turn);
    }
  }

  private static boolean isWithin(Duration limit, Instant from, Instant now) {
    return !now.isBefore(from) && now.isBefore(from.plus(limit));
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text.strip()));
    } catch (DateTimeException damaged) {
      return Optional.empty();
    }
  }

  private void delete(Path folder) throws IOException {
    // What is found by its link goes first.
    place.files().delete(folder.resolve("current"));
    for (Path generation : directories(folder)) {
      place.files().delete(generation);
    }
    place.files().delete(folder);
    Path name = folder.getParent();
    if (name != null && Files.isDirectory(name) && directories(name).isEmpty()) {
      place.files().delete(name);
    }
  }

  private static List<Path> directories(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private CertificateStorage certificates(CopiedName name) {
    return new CertificateStorage(place, name.directory());
  }

  private Path folder(CopiedName name) {
    return names().resolve(FileNames.of(name.host())).resolve(FileNames.of(name.directory()));
  }

  private Path names() {
    return place.root().resolve("certificates");
  }

  /** Takes no more operations; waits for none. */
  @Override
  public void close() {
    place.close();
  }

  /**
   * Waits after {@link #close} until nothing here touches the directory any more.
   *
   * @return whether it is so, within {@code limit}
   */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    return place.awaitEnd(limit);
  }
}
