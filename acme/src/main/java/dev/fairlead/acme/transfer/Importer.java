package dev.fairlead.acme.transfer;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stores certificates for each name that they are for. Each under the lock of its name, as an
 * instance that orders does it; what is valid as long already stays.
 */
final class Importer {

  private static final int MOST_NAMES = 1000;
  private static final int MOST_SHOWN = 5;

  private final Storage storage;
  private final Locks locks;
  private final Optional<URI> named;
  private final Clock clock;
  private final boolean dryRun;

  /** What a trial would have stored by now, until when. */
  private final Map<Place, Instant> planned = new HashMap<>();

  Importer(Storage storage, Locks locks, Optional<URI> named, Clock clock, boolean dryRun) {
    this.storage = storage;
    this.locks = locks;
    this.named = named;
    this.clock = clock;
    this.dryRun = dryRun;
  }

  /** Takes one over where that is of use. */
  ImportLine certificate(Finding found) throws StorageException, InterruptedException {
    return switch (found) {
      case Finding.Left left ->
          skipped(
              left.place(),
              left.isLoss() ? Outcome.NOT_POSSIBLE : Outcome.NOT_NEEDED,
              left.reason());
      case Finding.Whole whole -> whole(whole);
    };
  }

  private ImportLine whole(Finding.Whole found) throws StorageException, InterruptedException {
    KeyAndChain pair = found.pair();
    List<HostPattern> hosts = hosts(pair);
    if (hosts.isEmpty()) {
      return skipped(found.place(), Outcome.NOT_NEEDED, "it is for no host");
    }
    String subject = shown(hosts);
    Instant now = clock.instant();
    if (!now.isBefore(pair.notAfter())) {
      return skipped(subject, Outcome.NOT_NEEDED, "it expired at " + pair.notAfter());
    }
    if (now.isBefore(pair.notBefore())) {
      return skipped(subject, Outcome.NOT_POSSIBLE, "it is not valid before " + pair.notBefore());
    }
    if (hosts.size() > MOST_NAMES) {
      return skipped(subject, Outcome.NOT_POSSIBLE, "it is for more than 1,000 names");
    }
    Optional<URI> directory =
        found.directory().or(() -> named).map(said -> Directories.corrected(said, pair.leaf()));
    if (directory.isEmpty()) {
      return skipped(
          subject,
          Outcome.NOT_POSSIBLE,
          "which CA it is of does not stand there (fix: --ca with the address of its directory)");
    }
    return forEach(hosts, directory.get(), pair);
  }

  private ImportLine forEach(List<HostPattern> hosts, URI directory, KeyAndChain pair)
      throws StorageException, InterruptedException {
    List<HostPattern> stored = new ArrayList<>();
    Map<Refusal, List<HostPattern>> refused = new LinkedHashMap<>();
    for (HostPattern host : hosts) {
      Optional<Refusal> refusal = store(new Place(host, directory), pair);
      if (refusal.isPresent()) {
        refused.computeIfAbsent(refusal.get(), _ -> new ArrayList<>()).add(host);
      } else {
        stored.add(host);
      }
    }
    String result =
        (dryRun ? "would be imported" : "imported")
            + (refused.isEmpty() ? "" : " for " + shown(stored))
            + ", good until %s, of %s".formatted(pair.notAfter(), directory);
    String skipped =
        refused.entrySet().stream()
            .map(
                each ->
                    (stored.isEmpty() && refused.size() == 1
                            ? "skipped, "
                            : "skipped for " + shown(each.getValue()) + ", ")
                        + each.getKey().reason())
            .collect(Collectors.joining("; "));
    String detail = stored.isEmpty() ? skipped : result + (skipped.isEmpty() ? "" : "; " + skipped);
    return new ImportLine(shown(hosts), outcome(stored, refused), detail);
  }

  private static Outcome outcome(
      List<HostPattern> stored, Map<Refusal, List<HostPattern>> refused) {
    if (refused.keySet().stream().anyMatch(Refusal::isLoss)) {
      return Outcome.NOT_POSSIBLE;
    }
    return stored.isEmpty() ? Outcome.NOT_NEEDED : Outcome.IMPORTED;
  }

  /** Empty when it is stored. */
  private Optional<Refusal> store(Place place, KeyAndChain pair)
      throws StorageException, InterruptedException {
    HostPattern host = place.host();
    CertificateStorage certificates = new CertificateStorage(storage, place.directory());
    LoadedPair seen = certificates.loadIfChanged(host, Optional.empty()).orElse(LoadedPair.NONE);
    Optional<Refusal> better = better(place, seen, pair);
    if (better.isPresent()) {
      return better;
    }
    if (dryRun) {
      planned.put(place, pair.notAfter());
      return Optional.empty();
    }
    Optional<StorageLock> lock = locks.tryLock(LockName.of(host));
    if (lock.isEmpty()) {
      return Optional.of(
          new Refusal(
              "another instance orders it (%s; fix: do this again later)"
                  .formatted(locks.holder(LockName.of(host))),
              true));
    }
    try (StorageLock held = lock.get()) {
      better = better(place, certificates.loadFresh(host), pair);
      if (better.isEmpty()) {
        certificates.save(host, pair, clock.instant());
        NameStateStorage states = new NameStateStorage(storage, place.directory());
        states.save(host, NameState.issued());
        states.removeKey(host); // of an order that is under way, and is not needed any more
      }
      held.giveBack(); // the next certificate may be for the same host, of another CA
      return better;
    }
  }

  private Optional<Refusal> better(Place place, LoadedPair stored, KeyAndChain pair) {
    Stream<Instant> ends =
        Stream.concat(
            stored.pair().stream()
                .filter(known -> Names.isFor(known.leaf(), place.host()))
                .map(KeyAndChain::notAfter),
            Stream.ofNullable(planned.get(place)));
    return ends.filter(end -> !end.isBefore(pair.notAfter()))
        .max(Comparator.naturalOrder())
        .map(end -> new Refusal("what is stored is good until " + end, false));
  }

  /** The names that a certificate is for, as hosts; others cannot be served. */
  private static List<HostPattern> hosts(KeyAndChain pair) {
    return Names.hosts(pair.leaf()).stream()
        .filter(CertificateStorage::isStorable)
        .limit(MOST_NAMES + 1L)
        .toList();
  }

  private static String shown(List<HostPattern> hosts) {
    String names =
        hosts.stream()
            .limit(MOST_SHOWN)
            .map(HostPattern::toString)
            .collect(Collectors.joining(", "));
    int more = hosts.size() - MOST_SHOWN;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  private static ImportLine skipped(String subject, Outcome outcome, String reason) {
    return new ImportLine(subject, outcome, "skipped, " + reason);
  }

  /** Where a certificate is stored. */
  private record Place(HostPattern host, URI directory) {}

  /** Why one was not stored, and whether it would have been of use. */
  private record Refusal(String reason, boolean isLoss) {}
}
