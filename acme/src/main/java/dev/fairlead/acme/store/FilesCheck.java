package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.CheckResult.ok;
import static dev.fairlead.acme.store.CheckResult.problem;
import static dev.fairlead.acme.store.CheckResult.warning;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries in a folder of its own, which is gone afterwards, what the storage is used for. Used on the
 * storage's threads only.
 */
final class FilesCheck {

  private static final Duration MOST_SKEW = Duration.ofSeconds(30);

  private final String place;
  private final Path folder;
  private final Files0600 files;
  private final InstantSource clock;
  private final List<CheckResult> results = new ArrayList<>();

  FilesCheck(Path root, Files0600 files, InstantSource clock) {
    this.place = "storage " + root;
    this.folder = root.resolve(".check-" + Files0600.randomHex(8));
    this.files = files;
    this.clock = clock;
  }

  /**
   * Tries all.
   *
   * @throws IOException when it cannot be used at all
   */
  List<CheckResult> run() throws IOException {
    files.createNewDirectory(folder);
    try {
      Path file = folder.resolve("file");
      files.create(file, "1");
      create(file);
      rename(file);
      sync();
      locks();
      mode(file);
      owner(file);
      clock();
    } finally {
      files.delete(folder);
    }
    if (results.isEmpty()) {
      results.add(
          ok(place + ": exclusive create, rename, fsync and fcntl locks work, its clock is right"));
    }
    return results;
  }

  /** All locks are made of this. */
  private void create(Path file) throws IOException {
    Path link = folder.resolve("link");
    files.link(link, "1");
    if (isMadeAgain(() -> files.create(file, "2")) || isMadeAgain(() -> files.link(link, "2"))) {
      results.add(
          problem(
              place
                  + ": two may create the same file (O_EXCL), so two instances may order the same"
                  + " certificate (fix: another file system, NFSv4 for example)"));
    }
  }

  private static boolean isMadeAgain(IoAction create) throws IOException {
    try {
      create.run();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private void rename(Path file) throws IOException {
    Path next = folder.resolve("next");
    files.create(next, "3");
    files.rename(next, file);
    if (Files.exists(next) || !files.read(file).equals(Optional.of("3"))) {
      results.add(
          problem(
              place
                  + ": a rename does not replace a file, so readers may find none or an old one"
                  + " (fix: another file system, NFSv4 for example)"));
    }
  }

  private void sync() throws IOException {
    try {
      files.sync(folder);
    } catch (IOException e) {
      if (!Explain.isWithoutSync(e)) {
        throw e;
      }
      results.add(
          warning(
              "%s: does not take fsync of a directory (%s), so a power cut may lose what was just stored (fix: another file system, NFSv4 for example)"
                  .formatted(place, Explain.reason(e))));
    }
  }

  private void locks() throws IOException {
    try (FileChannel channel = files.openShared(folder.resolve("lock"))) {
      if (channel.tryLock() == null) {
        results.add(
            warning(
                place
                    + ": an fcntl lock that nobody has is refused; the lease alone keeps others"
                    + " out (fix: the lock service of the share's server)"));
      }
    } catch (IOException e) {
      if (!Explain.isWithoutLocks(e)) {
        throw e;
      }
      results.add(
          warning(
              "%s: has no fcntl locks (%s); the lease alone keeps others out, and what a dead process held is free after 30 s only (fix: on NFSv3 run rpc.statd on this machine and lockd at the server, best mount it as NFSv4)"
                  .formatted(place, Explain.reason(e))));
    }
  }

  private void mode(Path file) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!mode.equals("rw-------")) {
      results.add(
          warning(
              "%s: files come out with mode %s, so others may read the keys (expected: rw-------; fix: on SMB mount it with file_mode=0600,dir_mode=0700, and without ACLs that are inherited)"
                  .formatted(place, mode)));
    }
  }

  private void owner(Path file) throws IOException {
    String uid = Explain.uid();
    String owner = String.valueOf(Files.getAttribute(file, "unix:uid"));
    if (!owner.equals(uid)) {
      results.add(
          warning(
              "%s: what uid %s writes belongs to uid %s there, the server squashes it; another instance that is not squashed alike cannot read the keys (fix: at the server no_root_squash, or better run as another user than root and chown -R to it)"
                  .formatted(place, uid, owner)));
    }
  }

  /** Locks do not mind it. */
  private void clock() throws IOException {
    Path now = folder.resolve("now");
    files.link(now, "now");
    Instant there = files.time(now);
    Instant here = clock.instant();
    Duration skew = Duration.between(there, here);
    if (skew.abs().compareTo(MOST_SKEW) > 0) {
      results.add(
          warning(
              "%s: its clock says %s and this machine's %s, which is %d s %s (fix: NTP on both; locks do not mind, but renewals and the names of generations do)"
                  .formatted(
                      place,
                      there.truncatedTo(ChronoUnit.SECONDS),
                      here.truncatedTo(ChronoUnit.SECONDS),
                      skew.abs().toSeconds(),
                      skew.isNegative() ? "behind" : "ahead")));
    }
  }
}
