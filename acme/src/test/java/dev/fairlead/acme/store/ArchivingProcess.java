package dev.fairlead.acme.store;

import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A process that moves a name's folder, says when it is right at it, and stays there for ever. */
final class ArchivingProcess {

  private ArchivingProcess() {}

  /** Directory, host, {@code put} or {@code restore}, and the step of the move to stop at. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    HostPattern host = HostPattern.parse(args[1]).orElseThrow();
    boolean put = args[2].equals("put");
    StorageAccess.Step stop = StorageAccess.Step.valueOf(args[3]);
    Path home = put ? root.resolve("archive").resolve(args[1]) : root.resolve("certificates");
    Storage storage =
        new Storage(
            new StorageSettings(root, Duration.ofMinutes(5)),
            new StorageAccess() {
              @Override
              public void before(Path path) {}

              @Override
              public void before(Step step, Path path) {
                boolean isNewPlace =
                    step == Step.RENAME
                        ? home.equals(path.getParent()) && !path.endsWith(".changed")
                        : home.equals(path);
                if (step == stop && isNewPlace) {
                  stay();
                }
              }
            });
    NameArchive archive = new NameArchive(storage, List.of(LockHolder.CA));
    Locks locks = new Locks(storage, Clock.systemUTC());
    try (StorageLock _ = locks.tryLock(LockName.of(host)).orElseThrow()) {
      if (put) {
        archive.put(NameFolder.of(host), Instant.now());
      } else {
        archive.restore(host, Instant.now(), WantedNote.wanted(Instant.now()));
      }
    }
    ChildProcess.answer("done");
  }

  private static void stay() {
    ChildProcess.answer("there");
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
