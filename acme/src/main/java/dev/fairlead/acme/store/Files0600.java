package dev.fairlead.acme.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Small files that only their owner may read, written so that a reader or a power cut finds the old
 * one or the new one. Used on the storage's threads only.
 */
final class Files0600 {

  private static final int LIMIT_BYTES = 256 * 1024;
  private static final String TEMPORARY = ".tmp-";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final StorageAccess access;

  Files0600(StorageAccess access) {
    this.access = access;
  }

  /** Announces the use of a path. */
  void before(Path path) throws IOException {
    access.before(path);
  }

  /** Makes {@code directory} and what is missing above it, down from {@code root}'s parents. */
  void createDirectories(Path root, Path directory) throws IOException {
    access.before(directory);
    if (!directory.startsWith(root)) {
      throw new IllegalArgumentException(directory + " (expected: below " + root + ")");
    }
    Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
  }

  /** The text of a file; empty when there is none. */
  Optional<String> read(Path file) throws IOException {
    access.before(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > LIMIT_BYTES) {
        throw new FileSystemException(file.toString(), null, "larger than 256 KiB");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until it is whole
      }
      return Optional.of(UTF_8.decode(bytes.flip()).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces a file: temporary file, fsync, rename, fsync of the directory. */
  void write(Path file, String text, IoTurn turn) throws IOException {
    access.before(file);
    Path directory = parent(file);
    Path temporary = directory.resolve(temporaryName());
    try {
      create(temporary, text);
      turn.checkWanted();
      rename(temporary, file);
    } catch (IOException e) {
      throw withoutRest(temporary, e);
    }
    sync(directory);
  }

  /** Writes a new file in a directory nobody reads yet, down to the disk. */
  void create(Path file, String text) throws IOException {
    access.before(file);
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
      access.before(StorageAccess.Step.WRITE, file);
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      access.before(StorageAccess.Step.SYNC, file);
      channel.force(true);
    }
  }

  /** Opens a file for its lock; made when it is missing, its text kept. */
  FileChannel openShared(Path file) throws IOException {
    access.before(file);
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        OWNER_ONLY);
  }

  /** Lets a symbolic link name {@code target} from one moment to the next. */
  void pointTo(Path link, String target, IoTurn turn) throws IOException {
    replaceLink(link, target, turn);
    sync(parent(link));
  }

  /** As {@link #pointTo}, but not down to the disk. */
  void replaceLink(Path link, String target, IoTurn turn) throws IOException {
    access.before(link);
    Path temporary = parent(link).resolve(temporaryName());
    try {
      Files.createSymbolicLink(temporary, Path.of(target));
      turn.checkWanted();
      rename(temporary, link);
    } catch (IOException e) {
      throw withoutRest(temporary, e);
    }
  }

  /**
   * Makes a symbolic link where nothing is: one of all who try, with its target, or not at all.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is something
   */
  void link(Path link, String target) throws IOException {
    access.before(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  void rename(Path from, Path to) throws IOException {
    access.before(StorageAccess.Step.RENAME, to);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new FileSystemException(to.toString(), null, "cannot be renamed to in one step");
    }
  }

  /** Writes a directory's entries down to the disk. */
  void sync(Path directory) throws IOException {
    access.before(StorageAccess.Step.SYNC, directory);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Lets an NFS client ask whether a directory is as it remembers it, which it does when one is
   * opened. Links are read from memory otherwise: a reader that looked again and again saw one 41 s
   * after it had been switched, and with this at once.
   *
   * @throws NoSuchFileException when there is none, as far as this machine remembers
   */
  void revalidate(Path directory) throws IOException {
    FileChannel.open(directory, StandardOpenOption.READ).close();
  }

  /**
   * Lets this machine forget what it remembers of a directory's entries. An NFS client may answer
   * from memory for up to a minute, "no such file" too; a change of its own in the directory makes
   * it ask the server again.
   */
  void refresh(Path root, Path directory) throws IOException {
    createDirectories(root, directory);
    Path probe = directory.resolve(temporaryName());
    Files.createFile(probe, OWNER_ONLY);
    Files.delete(probe);
  }

  /** Removes a file, or a directory with the files in it; nothing when it is not there. */
  void delete(Path path) throws IOException {
    access.before(path);
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          Files.deleteIfExists(entry);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  /** Removes what is half written in a directory; for whoever alone writes there. */
  void deleteTemporary(Path directory) throws IOException {
    access.before(directory);
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.filter(Files0600::isTemporary).toList()) {
        Files.deleteIfExists(entry);
      }
    } catch (NoSuchFileException e) {
      // then nothing is
    }
  }

  /** When a file was written, by the clock of who keeps it; now, when it is gone already. */
  Instant modified(Path file) throws IOException {
    return timeOr(file, Instant.now());
  }

  /** As {@link #modified}, of the link itself where it is one; {@code gone} when it is gone. */
  Instant timeOr(Path file, Instant gone) throws IOException {
    try {
      return time(file);
    } catch (NoSuchFileException e) {
      return gone;
    }
  }

  /** When a file was written, or a link made, by the clock of who keeps it. */
  Instant time(Path file) throws IOException {
    return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  /**
   * When anything of a file was last changed, by the clock of who keeps it; now, when it is gone
   * already. For what is being made: an NFS server may keep some number where the time of writing
   * is, as long as a file has just been created exclusively (RFC 1813 §3.3.8).
   */
  Instant changed(Path file) throws IOException {
    try {
      return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS))
          .toInstant();
    } catch (NoSuchFileException e) {
      return Instant.now();
    }
  }

  /** What is to be said of a secret that others than its owner may read; empty when none may. */
  Optional<String> readableByOthers(Path secret) throws IOException {
    try {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(secret);
      return allowed.contains(PosixFilePermission.GROUP_READ)
              || allowed.contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of("%1$s: readable by others (fix: chmod 600 %1$s)".formatted(secret))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A name that nothing else has, for what is to be renamed or removed at once. */
  static String temporaryName() {
    return TEMPORARY + randomHex(8);
  }

  static boolean isTemporary(Path file) {
    return String.valueOf(file.getFileName()).startsWith(TEMPORARY);
  }

  static String randomHex(int digits) {
    byte[] bytes = new byte[digits / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  void createNewDirectory(Path directory) throws IOException {
    access.before(directory);
    Files.createDirectory(directory, OWNER_ONLY_DIRECTORY);
  }

  /** What was begun is removed; that this fails too, on a share that is away, is not the news. */
  private static IOException withoutRest(Path temporary, IOException failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " (expected: a file in a directory)");
    }
    return parent;
  }
}
