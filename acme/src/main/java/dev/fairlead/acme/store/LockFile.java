package dev.fairlead.acme.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one channel of this JVM on a lock file. An fcntl lock belongs to the process: closing any
 * channel on the file drops it, so the channel is never closed and everybody in the JVM shares it.
 * The lock is asked for, never waited for: on NFS a blocking lock was granted 16 s late. Used on
 * the storage's threads only.
 */
final class LockFile {

  private static final Map<Path, LockFile> OPEN = new ConcurrentHashMap<>();
  private static final int HOLDER_LIMIT_BYTES = 256;

  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable Object identity;

  private LockFile(Path path) {
    this.path = path;
  }

  static LockFile of(Path path) {
    return OPEN.computeIfAbsent(path, LockFile::new);
  }

  /**
   * Takes the lock when it is free.
   *
   * @param holder who asks, for people who look into the file
   */
  synchronized FcntlAnswer tryLock(String holder, Files0600 files) throws IOException {
    while (true) {
      FileChannel open = open(files);
      FileLock lock;
      try {
        lock = open.tryLock();
      } catch (OverlappingFileLockException e) {
        return new FcntlAnswer.Busy();
      } catch (IOException e) {
        if (Explain.isWithoutLocks(e)) {
          return new FcntlAnswer.Unavailable();
        }
        throw e;
      }
      if (lock == null) {
        return new FcntlAnswer.Busy();
      }
      if (Objects.equals(identity, identity())) {
        return granted(lock, holder, files);
      }
      // Somebody removed the file: a lock on what is no longer there excludes nobody.
      open.close();
      channel = null;
    }
  }

  private FcntlAnswer granted(FileLock lock, String holder, Files0600 files) throws IOException {
    boolean written = false;
    try {
      open(files).truncate(0);
      write(holder, files);
      written = true;
      return new GrantedLock(lock, this, holder, files);
    } finally {
      if (!written) {
        lock.release(); // a full disk must not keep it for this process's life
      }
    }
  }

  /** Whether somebody else has the lock now; asks for it, and gives it back. */
  synchronized boolean isRefused(Files0600 files) throws IOException {
    try (FileLock lock = open(files).tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** Who wrote into it last. Through the same channel, as opening another would drop the lock. */
  synchronized String holder(Files0600 files) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HOLDER_LIMIT_BYTES);
    open(files).read(bytes, 0);
    return UTF_8.decode(bytes.flip()).toString().strip();
  }

  private synchronized void write(String holder, Files0600 files) throws IOException {
    files.before(path);
    FileChannel open = open(files);
    open.write(UTF_8.encode(holder + "\n"), 0);
    open.force(false); // an NFS client hears only now what the server thinks of it
  }

  private FileChannel open(Files0600 files) throws IOException {
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = files.openShared(path);
      channel = open;
      identity = identity();
    }
    return open;
  }

  private @Nullable Object identity() throws IOException {
    try {
      return Files.getAttribute(path, "unix:ino");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private record GrantedLock(FileLock lock, LockFile file, String holder, Files0600 files)
      implements FcntlAnswer.Granted {

    @Override
    public void touch() throws IOException {
      file.write(holder, files);
    }

    @Override
    public void release() throws IOException {
      lock.release();
    }
  }
}
