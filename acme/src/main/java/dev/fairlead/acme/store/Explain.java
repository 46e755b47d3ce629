package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Turns what the file system threw into one sentence with the fix. */
final class Explain {

  private Explain() {}

  static StorageException failure(Path root, String setting, IOException cause) {
    if (cause instanceof StorageException already) {
      return already;
    }
    return new StorageException(
        "storage %s: %s".formatted(root, reason(root, setting, cause)), cause);
  }

  private static String reason(Path root, String setting, IOException cause) {
    String said = said(cause);
    if (cause instanceof AccessDeniedException || said.contains("not permitted")) {
      String uid = uid();
      return "not readable and writable for uid %1$s (fix: chown -R %1$s %2$s && chmod 700 %2$s, on an NFS share at its server)"
          .formatted(uid, root);
    }
    if (said.contains("read-only")) {
      return "mounted read-only (fix: mount it with rw, or set %s to a directory that can be written)"
          .formatted(setting);
    }
    if (said.contains("no space") || said.contains("quota")) {
      return "full (fix: free some space on it)";
    }
    if (cause instanceof NotDirectoryException
        || said.contains("not a directory")
        || Files.isRegularFile(root)) {
      return "not a directory (fix: set %s to a directory)".formatted(setting);
    }
    if (cause instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    return cause instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getFile() + ": " + failed.getReason()
        : cause.toString();
  }

  /** A file that was replaced at the server while it was used here; the next try finds the new. */
  static boolean isStale(IOException cause) {
    return said(cause).contains("stale");
  }

  private static String said(IOException cause) {
    return Optional.ofNullable(cause.getMessage()).orElse("").toLowerCase(Locale.ROOT);
  }

  static String uid() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "?");
    }
  }
}
