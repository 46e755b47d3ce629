package dev.fairlead.acme.store;

import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A look at the storage as a whole: how it is mounted, whether what locks and generations are made
 * of works there, and how far its locks reach. Blocks its caller, a virtual thread or a command.
 */
public final class StorageCheck {

  private final Storage storage;
  private final InstantSource clock;
  private final LeaseTerms terms;

  public StorageCheck(Storage storage, InstantSource clock) {
    this(storage, clock, LeaseTerms.NORMAL);
  }

  StorageCheck(Storage storage, InstantSource clock, LeaseTerms terms) {
    this.storage = storage;
    this.clock = clock;
    this.terms = terms;
  }

  /**
   * Tries everything; leaves nothing behind. Takes a moment, and two heartbeats more when another
   * process seems to hold a lock that can be had.
   *
   * @throws StorageException when the storage cannot be used at all, or is not there yet
   */
  public List<CheckResult> run() throws StorageException, InterruptedException {
    List<CheckResult> results = new ArrayList<>(mount());
    requireDirectory();
    owner().ifPresent(results::add);
    results.addAll(
        storage.peek(turn -> new FilesCheck(storage.root(), storage.files(), clock).run()));
    evidence().ifPresent(results::add);
    return results;
  }

  private List<CheckResult> mount() throws StorageException, InterruptedException {
    return storage.peek(turn -> new MountCheck(storage.root()).of(Mount.of(storage.root())));
  }

  private void requireDirectory() throws StorageException, InterruptedException {
    if (!storage.peek(turn -> Files.exists(storage.root()))) {
      throw new StorageException(
          "storage %s: does not exist yet (fix: none needed where the proxy may make it, else mkdir and chown to the user that it runs as)"
              .formatted(storage.root()));
    }
  }

  /** What root finds says little of what the proxy's user would. */
  private Optional<CheckResult> owner() throws StorageException, InterruptedException {
    String owner =
        storage.peek(turn -> String.valueOf(Files.getAttribute(storage.root(), "unix:uid")));
    String uid = Explain.uid();
    return owner.equals(uid)
        ? Optional.empty()
        : Optional.of(
            CheckResult.warning(
                "storage %1$s: belongs to uid %2$s and this is uid %3$s (fix: run as uid %2$s, or chown -R %3$s %1$s, on an NFS share at its server)"
                    .formatted(storage.root(), owner, uid)));
  }

  private Optional<CheckResult> evidence() throws StorageException, InterruptedException {
    LockEvidence evidence = new LockEvidence(storage, terms);
    storage.peek(
        turn -> {
          evidence.look();
          return true;
        });
    if (evidence.hasSuspects()) {
      Thread.sleep(terms.missed());
      storage.peek(
          turn -> {
            evidence.lookAgain();
            return true;
          });
    }
    return evidence.result();
  }
}
