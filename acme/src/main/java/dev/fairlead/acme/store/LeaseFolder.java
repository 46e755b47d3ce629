package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The leases of one name: symbolic links called 1, 2, 3 and so on, whose target is the text. The
 * highest number is the lease. Making a link is atomic, with its text, and fails for all but one:
 * each number is given once. The highest is never removed, so that none comes again. A holder
 * touches nothing but the link of its own number, by replacing it: the new link's time is the
 * server's, never that of the holder's machine.
 *
 * <p>Each look changes the folder first, by a link of its own. This makes an NFS client ask the
 * server for what others did, and tells what time it is there. Used on the storage's threads only.
 */
final class LeaseFolder {

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);
  private static final int MOST_TRIES = 5;

  private final Path root;
  private final Path folder;
  private final Files0600 files;

  LeaseFolder(Path root, Path folder, Files0600 files) {
    this.root = root;
    this.folder = folder;
    this.files = files;
  }

  Path path() {
    return folder;
  }

  void prepare() throws IOException {
    files.createDirectories(root, folder);
  }

  /** What time it is where the files are kept; what is looked at after it is not from memory. */
  Instant serverTime() throws IOException {
    Path own = folder.resolve(Files0600.temporaryName());
    files.link(own, "now");
    try {
      return files.time(own);
    } finally {
      Files.deleteIfExists(own);
    }
  }

  /** The lease; empty before the first. After {@link #serverTime} it is what the server says. */
  Optional<LeaseEntry> newest() throws IOException {
    files.before(folder);
    for (int tries = 1; ; tries++) {
      OptionalLong highest = numbers().stream().mapToLong(Long::longValue).max();
      if (highest.isEmpty()) {
        return Optional.empty();
      }
      try {
        Path link = link(highest.getAsLong());
        return Optional.of(new LeaseEntry(highest.getAsLong(), target(link), files.time(link)));
      } catch (NoSuchFileException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        // A higher one was made meanwhile, and this one removed.
      }
    }
  }

  /**
   * Makes a lease.
   *
   * @return whether this call made it; false when another was faster
   */
  boolean create(long generation, LeaseText text) throws IOException {
    Path link = link(generation);
    try {
      files.link(link, text.toString());
    } catch (FileAlreadyExistsException e) {
      // An NFS client that had no answer asks again, and hears of its own link.
      if (!target(link).equals(text.toString())) {
        return false;
      }
    }
    serverTime();
    // Who judged long ago may have made a number again that was given and removed.
    return newest().filter(entry -> entry.generation() == generation).isPresent();
  }

  /** Replaces the text of a lease of one's own; its time is now. */
  void replace(long generation, LeaseText text) throws IOException {
    files.replaceLink(link(generation), text.toString(), new IoTurn());
  }

  /** Writes what was made and replaced down to the disk. */
  void sync() throws IOException {
    files.sync(folder);
  }

  /** Removes the leases before one, and what was left behind by who died. */
  void removeBefore(long generation, Instant now) throws IOException {
    for (long older : numbers()) {
      if (older < generation) {
        Files.deleteIfExists(link(older));
      }
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(Files0600::isTemporary).toList()) {
        if (files.timeOr(entry, now).isBefore(now.minus(LEFT_BEHIND))) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }

  private List<Long> numbers() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> NUMBER.matcher(name).matches())
          .map(Long::valueOf)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static String target(Path link) throws IOException {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (NotLinkException e) {
      return "what is no lease"; // put there by hand: goes like one whose holder is silent
    }
  }

  private Path link(long generation) {
    return folder.resolve(Long.toString(generation));
  }
}
