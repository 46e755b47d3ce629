package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.RenewalAdvice;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageInventory;
import dev.fairlead.acme.store.StoredName;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * What is on the storage, read from it alone: no proxy has to run, and nothing is written. Blocks
 * its caller.
 */
public final class CertificateInventory {

  private CertificateInventory() {}

  /**
   * All names of all CAs, without those in the archive; empty when there is no storage.
   *
   * @param now decides which certificate of a name is served
   * @throws StorageException when it cannot be read
   */
  public static Optional<List<StoredCertificate>> read(
      StorageSettings settings, AcmeSettings acme, Instant now)
      throws StorageException, InterruptedException {
    List<String> inUse = acme.directories().stream().map(StorageInventory::authority).toList();
    try (Storage storage = new Storage(settings, StorageAccess.DIRECT)) {
      StorageInventory inventory = new StorageInventory(storage);
      return inventory.exists()
          ? Optional.of(certificates(shown(inventory.all(), acme), inUse, now))
          : Optional.empty();
    }
  }

  /**
   * What is in the archive, of all CAs; empty when there is no storage.
   *
   * @throws StorageException when it cannot be read
   */
  public static Optional<List<StoredCertificate>> archived(
      StorageSettings settings, AcmeSettings acme, Instant now)
      throws StorageException, InterruptedException {
    try (Storage storage = new Storage(settings, StorageAccess.DIRECT)) {
      StorageInventory inventory = new StorageInventory(storage);
      return inventory.exists()
          ? Optional.of(certificates(shown(inventory.archived(), acme), List.of(), now))
          : Optional.empty();
    }
  }

  /** That an order was tried out at the staging is nothing to show: what failed there is told. */
  private static List<StoredName> shown(List<StoredName> all, AcmeSettings acme) {
    Optional<String> staging =
        acme.issuance()
            .staging()
            .map(authority -> StorageInventory.authority(authority.directory()));
    return all.stream()
        .filter(
            stored ->
                !staging.equals(Optional.of(stored.authority()))
                    || stored.loaded().pair().isPresent())
        .toList();
  }

  private static List<StoredCertificate> certificates(
      List<StoredName> all, List<String> inUse, Instant now) {
    Map<String, List<StoredName>> usable =
        all.stream()
            .filter(stored -> inUse.contains(stored.authority()))
            .sorted(Comparator.comparingInt(stored -> inUse.indexOf(stored.authority())))
            .collect(Collectors.groupingBy(StoredName::name));
    Map<String, RenewalAdvice> advice = advice(all);
    return all.stream()
        .map(stored -> of(stored, usable.getOrDefault(stored.name(), List.of()), advice, now))
        .toList();
  }

  /** What CAs have said of certificates, by their fingerprints: one may be of several names. */
  private static Map<String, RenewalAdvice> advice(List<StoredName> all) {
    return all.stream()
        .flatMap(stored -> stored.advice().stream())
        .collect(
            Collectors.toMap(
                RenewalAdvice::certificate,
                said -> said,
                BinaryOperator.maxBy(Comparator.comparing(RenewalAdvice::askAgain))));
  }

  /**
   * One of them.
   *
   * @param usable all of the name whose CA is in use, in the order of the CAs
   * @param advice what CAs have said, by certificate
   */
  private static StoredCertificate of(
      StoredName stored, List<StoredName> usable, Map<String, RenewalAdvice> advice, Instant now) {
    LoadedPair loaded = stored.loaded();
    List<String> remarks = new ArrayList<>(loaded.remarks());
    Optional<KeyAndChain> good = good(stored);
    if (loaded.pair().isPresent() && good.isEmpty()) {
      remarks.add("what is stored names another host and is ignored");
    }
    Optional<KeyAndChain> best =
        BestCertificate.of(
            usable.stream().map(CertificateInventory::good).flatMap(Optional::stream).toList(),
            now);
    return new StoredCertificate(
        stored.name(),
        stored.authority(),
        usable.contains(stored),
        best.isEmpty() || best.equals(good),
        good.map(KeyAndChain::leaf),
        good.isPresent() ? loaded.served() : Optional.empty(),
        good.map(pair -> renewAt(pair, advice)),
        stored.state(),
        elsewhere(stored, usable),
        stored.routing(),
        remarks);
  }

  private static Instant renewAt(KeyAndChain pair, Map<String, RenewalAdvice> advice) {
    return RenewalPolicy.renewAt(pair.leaf(), Optional.ofNullable(advice.get(pair.fingerprint())));
  }

  private static Optional<String> elsewhere(StoredName stored, List<StoredName> usable) {
    return usable.stream()
        .filter(other -> !other.equals(stored) && other.state().isTroubled())
        .map(
            other ->
                "at %s: %s; next attempt at %s"
                    .formatted(
                        other.authority(), other.state().lastError(), other.state().nextAttempt()))
        .findFirst();
  }

  private static Optional<KeyAndChain> good(StoredName stored) {
    return stored.loaded().pair().filter(pair -> isFor(pair, stored.name()));
  }

  /** A folder whose name was cut says no host; what is in it was checked when it was stored. */
  private static boolean isFor(KeyAndChain pair, String name) {
    return HostPattern.parse(name).map(host -> Names.isFor(pair.leaf(), host)).orElse(true);
  }
}
