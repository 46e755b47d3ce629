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
        "storage %s: %s".formatted(root, sentence(root, setting, cause)), cause);
  }

  private static String sentence(Path root, String setting, IOException cause) {
    String said = said(cause);
    if (cause instanceof AccessDeniedException || said.contains("not permitted")) {
      String uid = uid();
      if (Files.notExists(root)) {
        return "does not exist, and uid %s may not make it (fix: mount a volume there, or set %s to a directory of this uid)"
            .formatted(uid, setting);
      }
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
    if (isStale(cause)) {
      return "the server does not know its files any more, ESTALE (fix: none needed when the server"
          + " was just changed; when it stays, restart the task, so that it is mounted"
          + " anew)";
    }
    if (isBroken(cause)) {
      return "input/output error, EIO (fix: the disk, or the network to the share's server: dmesg"
          + " of this machine says which; an NFS mount with hard in place of soft waits for"
          + " its server)";
    }
    if (cause instanceof NotDirectoryException
        || said.contains("not a directory")
        || Files.isRegularFile(root)) {
      return "not a directory (fix: set %s to a directory)".formatted(setting);
    }
    if (cause instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    return reason(cause);
  }

  /** What the file system said. */
  static String reason(IOException cause) {
    if (cause instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getFile() + ": " + failed.getReason();
    }
    String message = cause.getMessage();
    return cause.getClass() == IOException.class && message != null ? message : cause.toString();
  }

  /** A file that was replaced at the server while it was used here; the next try finds the new. */
  static boolean isStale(IOException cause) {
    return said(cause).contains("stale");
  }

  /** EIO: a disk that is broken, a soft mount whose server is away, or a lock that it gave away. */
  static boolean isBroken(IOException cause) {
    String said = said(cause);
    return said.contains("input/output error") || said.contains("i/o error");
  }

  /** ENOLCK, ENOSYS, EOPNOTSUPP: where nobody keeps fcntl locks. */
  static boolean isWithoutLocks(IOException cause) {
    String said = said(cause);
    return said.contains("no locks available")
        || said.contains("not implemented")
        || said.contains("not supported");
  }

  /** EINVAL, ENOSYS, EOPNOTSUPP of fsync: some FUSE file systems. */
  static boolean isWithoutSync(IOException cause) {
    String said = said(cause);
    return said.contains("invalid argument")
        || said.contains("not implemented")
        || said.contains("not supported");
  }

  /** Never the path: a host may be called anything. */
  private static String said(IOException cause) {
    String said =
        cause instanceof FileSystemException failed ? failed.getReason() : cause.getMessage();
    return Optional.ofNullable(said).orElse("").toLowerCase(Locale.ROOT);
  }

  static String uid() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "?");
    }
  }
}
