package dev.fairlead.acme.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The file or directory that the other proxy left, read within bounds: links may lead to places in
 * it and nowhere else, only plain files are opened, and none is read beyond a limit.
 */
final class SourceTree {

  /** Of a PEM file: what is stored of it has to fit into the 256 KiB that the storage reads. */
  static final int PEM_LIMIT_BYTES = 128 * 1024;

  /** Of a small file that says something about another one. */
  static final int NOTE_LIMIT_BYTES = 256 * 1024;

  /** Of all that is read: it is all kept until it is stored. */
  private static final int TOTAL_LIMIT_BYTES = 128 * 1024 * 1024;

  private static final int MOST_ENTRIES = 20_000;
  private static final int LONGEST_SHOWN = 200;

  private final Path root;
  private long totalBytes;

  private SourceTree(Path root) {
    this.root = root;
  }

  /** What a person has named; may be a link itself. */
  static SourceTree at(Path given) throws SourceException {
    try {
      return new SourceTree(given.toRealPath());
    } catch (IOException e) {
      throw new SourceException(reason(shown(given.toString()), e));
    }
  }

  /** What it is about, for people. */
  String name() {
    return shown(root.toString());
  }

  /**
   * Whether there is a directory.
   *
   * @param place below the root, with slashes
   */
  boolean isDirectory(String place) throws SourceException {
    Optional<Path> real = real(place);
    return real.isPresent() && Files.isDirectory(real.get(), LinkOption.NOFOLLOW_LINKS);
  }

  /** The names in a directory, sorted; none when it is not there, or something else is. */
  List<String> names(String place) throws SourceException {
    Optional<Path> real = real(place).filter(Files::isDirectory);
    if (real.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(real.get())) {
      for (Path entry : entries) {
        if (names.size() == MOST_ENTRIES) {
          throw new SourceException(
              "%s: more than %d entries".formatted(shown(real.get().toString()), MOST_ENTRIES));
        }
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException e) {
      throw new SourceException(reason(shown(real.get().toString()), e));
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  /** The text of a file; empty when there is none. */
  Optional<String> text(String place, int limitBytes) throws SourceException {
    Optional<Path> real = real(place);
    return real.isPresent() ? Optional.of(read(real.get(), limitBytes)) : Optional.empty();
  }

  private String read(Path file, int limitBytes) throws SourceException {
    String name = shown(file.toString());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new SourceException(name + ": is no file");
    }
    if (totalBytes + limitBytes > TOTAL_LIMIT_BYTES) {
      throw new SourceException(
          "%s: not read, as all files before it have %d MiB"
              .formatted(name, totalBytes / 1024 / 1024));
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(limitBytes + 1);
      if (bytes.length > limitBytes) {
        throw new SourceException("%s: larger than %d KiB".formatted(name, limitBytes / 1024));
      }
      totalBytes += bytes.length;
      return new String(bytes, UTF_8);
    } catch (IOException e) {
      throw new SourceException(reason(name, e));
    }
  }

  /** Where a place really is; empty when there is nothing. */
  private Optional<Path> real(String place) throws SourceException {
    String name = shown(place);
    Path path;
    try {
      path = root.resolve(place);
    } catch (InvalidPathException e) {
      throw new SourceException(name + ": is no path");
    }
    try {
      Path real = path.toRealPath();
      if (!real.startsWith(root)) {
        throw new SourceException(
            "%s: leads out of %s (fix: copy the whole directory, with its links)"
                .formatted(name, name()));
      }
      return Optional.of(real);
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(path)) {
        throw new SourceException(name + ": a link that leads nowhere");
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SourceException(reason(name, e));
    }
  }

  private static String reason(String name, IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> name + ": does not exist";
      case AccessDeniedException _ ->
          name + ": not readable for this user (fix: copy it to where it is, and chown the copy)";
      default -> name + ": cannot be read, " + cause.getClass().getSimpleName();
    };
  }

  /** A text from outside for a line of its own: nothing in it moves a terminal's cursor. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{C}", "?");
    return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
  }
}
