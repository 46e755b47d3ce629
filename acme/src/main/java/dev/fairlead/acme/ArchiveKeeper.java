package dev.fairlead.acme;

import dev.fairlead.acme.store.NameArchive;
import dev.fairlead.acme.store.NameFolder;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.store.WantedNote;
import dev.fairlead.config.routing.HostPattern;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each hour at all names that are stored: notes which are wanted, lets those be renewed that
 * are not any more, and archives them in the end. On a virtual thread of its own, one name after
 * the other: none of it is in a hurry.
 */
final class ArchiveKeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ArchiveKeeper.class);

  /** How often it looks; the first time as long after a start, when all routes are there. */
  static final Duration SWEEP = Duration.ofHours(1);

  private final NameArchive archive;
  private final Workshop workshop;
  private final Keepers keepers;
  private final BooleanSupplier complete;
  private final Duration after;
  private final UnwantedNames unwanted;

  /** When it looked at all names, or was made. */
  private Instant swept;

  /** When names left here that is not noted yet. */
  private final Map<NameFolder, Instant> left = new HashMap<>();

  /** The names that could not be looked at; empty when all are to be. */
  private Optional<Set<NameFolder>> again = Optional.empty();

  /**
   * Makes a keeper that does nothing yet.
   *
   * @param keepers of what is wanted
   * @param complete whether that is all there is; what is not known to be unwanted is not counted
   * @param after for how long a name has to be unwanted
   */
  ArchiveKeeper(Workshop workshop, Keepers keepers, BooleanSupplier complete, Duration after) {
    this.archive = workshop.archive();
    this.workshop = workshop;
    this.keepers = keepers;
    this.complete = complete;
    this.after = after;
    this.unwanted = new UnwantedNames(workshop);
    this.swept = workshop.clock().instant();
  }

  @Override
  public void run() {
    try {
      boolean well = true;
      while (true) {
        Thread.sleep(well ? workshop.pace().settled() : workshop.pace().poll());
        Instant now = workshop.clock().instant();
        if (!now.isBefore(swept.plus(SWEEP)) || now.isBefore(swept)) {
          swept = now;
          again = Optional.empty();
          well = sweep();
        } else if (!well) {
          well = sweep();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  /**
   * One look at all names, or those that the last one could not look at.
   *
   * @return false when some could not be: the storage failed, or another had the lock
   */
  private boolean sweep() throws InterruptedException {
    Optional<Set<NameFolder>> known = wanted();
    if (known.isEmpty()) {
      return true;
    }
    keepers.takeLeft().forEach((host, when) -> left.put(NameFolder.of(host), when));
    Set<NameFolder> wanted = known.get();
    List<NameFolder> stored;
    Set<NameFolder> missing;
    try {
      stored = archive.stored();
      missing = new HashSet<>(archive.archived());
    } catch (StorageException e) {
      return false; // the storage itself says what is wrong with it
    }
    missing.retainAll(wanted);
    missing.removeAll(Set.copyOf(stored));
    left.keySet().retainAll(Set.copyOf(stored));
    left.keySet().removeAll(wanted);
    unwanted.retain(stored, wanted);
    Set<NameFolder> open = new HashSet<>();
    look(missing, this::bringBack, open);
    look(stored.stream().filter(wanted::contains).toList(), this::note, open);
    look(stored.stream().filter(name -> !wanted.contains(name)).toList(), this::count, open);
    again = Optional.of(open).filter(names -> !names.isEmpty());
    return open.isEmpty();
  }

  private void look(Collection<NameFolder> names, Look look, Set<NameFolder> open)
      throws InterruptedException {
    for (NameFolder name : names) {
      if (again.isEmpty() || again.get().contains(name)) {
        try {
          if (!look.at(name)) {
            open.add(name);
          }
          archive.forget(name); // nothing is wrong with it, whether it was written or not
        } catch (StorageException e) {
          open.add(name); // the storage itself says what is wrong with it
        } catch (RuntimeException e) {
          LOG.error("certificate of {}: a look failed, the next follows", name, e);
        }
      }
    }
  }

  /** It is wanted here. */
  private boolean note(NameFolder name) throws StorageException, InterruptedException {
    Instant now = workshop.clock().instant();
    if (ArchivePolicy.wanted(archive.note(name), now).isEmpty()) {
      return true;
    }
    return underLock(
        name,
        seen -> {
          Optional<WantedNote> next = ArchivePolicy.wanted(seen.note(), now);
          if (seen.isThere() && next.isPresent()) {
            archive.keep(name, next.get());
          }
        });
  }

  /** It is not wanted here. */
  private boolean count(NameFolder name) throws StorageException, InterruptedException {
    Optional<WantedNote> before = archive.note(name);
    if (isRenewed(name, before)) {
      unwanted.renew(name);
    }
    boolean counts = isUnwanted(name) && !Optional.of(next(name, before)).equals(before);
    return !counts || underLock(name, seen -> count(name, seen));
  }

  private void count(NameFolder name, NameArchive.Seen seen)
      throws StorageException, InterruptedException {
    if (!seen.isThere()) {
      return; // another instance was faster
    }
    WantedNote next = next(name, seen.note());
    if (!ArchivePolicy.isOver(next, after)) {
      if (!Optional.of(next).equals(seen.note())) {
        archive.keep(name, next);
      }
      left.remove(name);
    } else if (isUnwanted(name)) { // still: it took a while to get here
      Path there = archive.put(name, workshop.clock().instant());
      unwanted.forget(name);
      LOG.info(
          "certificate of {}: archived to {}, as no service has had the name for {} days (to have"
              + " it back: give the name to a service, it comes back by itself)",
          name,
          there,
          next.unwanted().toDays());
    }
  }

  private WantedNote next(NameFolder name, Optional<WantedNote> before) {
    Instant now = workshop.clock().instant();
    return ArchivePolicy.notWanted(before, Optional.ofNullable(left.get(name)), now, after);
  }

  /** What was never wanted, as far as is known, is kept and not renewed. */
  private boolean isRenewed(NameFolder name, Optional<WantedNote> note) {
    boolean wanted = left.containsKey(name) || note.flatMap(WantedNote::wanted).isPresent();
    return wanted && note.filter(known -> ArchivePolicy.isOver(known, after)).isEmpty();
  }

  /**
   * Whether it is sure that nobody wants a name here: all routes are known, and there are some. A
   * proxy that has none at all may be asking in the wrong place.
   */
  private boolean isUnwanted(NameFolder name) {
    return complete.getAsBoolean()
        && wanted().filter(names -> !names.isEmpty() && !names.contains(name)).isPresent();
  }

  /** An instance that does not have the name yet may have archived what is served here. */
  private boolean bringBack(NameFolder name) throws StorageException, InterruptedException {
    Optional<HostPattern> host = name.host();
    return host.isEmpty()
        || underLock(
            name,
            seen -> {
              Instant now = workshop.clock().instant();
              if (!seen.isThere()) {
                archive.restore(host.get(), now, WantedNote.wanted(now));
              }
            });
  }

  /** False when somebody else has the lock. */
  private boolean underLock(NameFolder name, Change change)
      throws StorageException, InterruptedException {
    Optional<StorageLock> lock = workshop.locks().tryLock(name.lock());
    if (lock.isEmpty()) {
      return false;
    }
    try (StorageLock _ = lock.get()) {
      change.of(archive.look(name));
    }
    return true;
  }

  private Optional<Set<NameFolder>> wanted() {
    return keepers
        .known()
        .map(
            all ->
                all.stream()
                    .filter(NameKeeper::isByAcme)
                    .map(keeper -> NameFolder.of(keeper.host()))
                    .collect(Collectors.toSet()));
  }

  /** What is done at each name; false when it has to be done again. */
  @FunctionalInterface
  private interface Look {
    boolean at(NameFolder name) throws StorageException, InterruptedException;
  }

  /** What is done to a name under its lock. */
  @FunctionalInterface
  private interface Change {
    void of(NameArchive.Seen seen) throws StorageException, InterruptedException;
  }
}
