package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The file that says how everything beside it is to be read. Used on the storage's threads. */
final class FormatVersion {

  private static final String KNOWN = "1";

  private final Path root;
  private final Path file;
  private final Files0600 files;
  private volatile boolean checked;

  FormatVersion(Path root, Files0600 files) {
    this.root = root;
    this.file = root.resolve("version");
    this.files = files;
  }

  /**
   * A storage without the file is a new one.
   *
   * @throws StorageException when a later version of this program wrote it
   */
  void check() throws IOException {
    if (checked) {
      return;
    }
    Optional<String> version = files.read(file).map(String::strip);
    if (version.isPresent() && !version.get().equals(KNOWN)) {
      throw new StorageException(
          "storage %s: its format is not known here, see the file version in it (expected: %s; fix: run the version that wrote it)"
              .formatted(root, KNOWN));
    }
    checked = version.isPresent();
  }

  /**
   * Whoever has seen the storage takes no empty directory for it: its share is not mounted, and
   * what it has is not lost.
   *
   * @throws StorageException when it was there and is not any more
   */
  void checkThere() throws IOException {
    if (checked && files.read(file).isEmpty()) {
      throw new StorageException(
          "storage %s: empty, and was not before (expected: the share that was mounted there; fix: mount it, or restart the proxy to begin anew)"
              .formatted(root));
    }
  }

  /** Makes the directory and the file when they are missing. */
  void prepare() throws IOException {
    check();
    checkThere();
    if (!checked) {
      files.createDirectories(root, root);
      files.write(file, KNOWN + "\n", new IoTurn());
    }
  }
}
