package dev.fairlead.acme.store;

import static dev.fairlead.acme.store.CheckResult.ok;
import static dev.fairlead.acme.store.CheckResult.problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether fcntl locks hold between this process and another one, as far as others hold any: whoever
 * says that it has one and gives signs of life must be seen to have it. Used on the storage's
 * threads only.
 */
final class LockEvidence {

  private static final String ENDING = ".lease";
  private static final int MOST_NAMES = 2000;

  private final Storage storage;
  private final Path locks;
  private final LeaseTerms terms;
  private final List<Suspect> suspects = new ArrayList<>();
  private Optional<CheckResult> result = Optional.empty();

  LockEvidence(Storage storage, LeaseTerms terms) {
    this.storage = storage;
    this.locks = storage.root().resolve("locks");
    this.terms = terms;
  }

  /** What was found; empty when nobody else holds a lock. */
  Optional<CheckResult> result() {
    return result;
  }

  /** Whether {@link #lookAgain} is needed, after more than a heartbeat. */
  boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  void look() throws IOException {
    for (String name : names()) {
      LeaseFolder folder = folder(name);
      Instant now = folder.serverTime();
      Optional<LeaseEntry> held = folder.newest().filter(entry -> isHeldByAnother(entry, now));
      if (held.isPresent()) {
        judge(name, held.get());
      }
    }
  }

  private void judge(String name, LeaseEntry held) throws IOException {
    if (LockFile.of(locks.resolve(name + ".lock")).isRefused(storage.files())) {
      result =
          Optional.of(
              ok(
                  "storage %s: locks work between this process and %s, which holds %s"
                      .formatted(storage.root(), held.holder(), name)));
    } else {
      suspects.add(new Suspect(name, held));
    }
  }

  /** Who has given a sign of life since its lock could be had was not dead. */
  void lookAgain() throws IOException {
    for (Suspect suspect : suspects) {
      LeaseFolder folder = folder(suspect.name);
      Instant _ = folder.serverTime();
      if (folder.newest().filter(suspect::isAlive).isPresent()) {
        result =
            Optional.of(
                problem(
                    "storage %s: fcntl locks do not hold between this process and %s, which holds %s; the lease alone keeps others out (fix: mount it on all machines without nolock and local_lock, best as NFSv4)"
                        .formatted(storage.root(), suspect.held.holder(), suspect.name)));
      }
    }
  }

  private boolean isHeldByAnother(LeaseEntry entry, Instant now) {
    return !entry.isSilent(now, terms.lapse())
        && entry
            .parsed()
            .filter(text -> !text.free() && text.lock() != LockReach.NONE)
            .filter(text -> !text.instance().equals(storage.instance()))
            .isPresent();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(locks)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .limit(MOST_NAMES)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private LeaseFolder folder(String name) {
    return new LeaseFolder(storage.root(), locks.resolve(name + ENDING), storage.files());
  }

  private record Suspect(String name, LeaseEntry held) {

    boolean isAlive(LeaseEntry later) {
      return later.generation() == held.generation()
          && !later.isFree()
          && later.touched().isAfter(held.touched());
    }
  }
}
