package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageInventory;
import dev.fairlead.acme.store.StoredName;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is on the storage, read from it alone: no proxy has to run, and nothing is written. Blocks
 * its caller.
 */
public final class CertificateInventory {

  private CertificateInventory() {}

  /**
   * All names of all CAs; empty when there is no storage.
   *
   * @throws StorageException when it cannot be read
   */
  public static Optional<List<StoredCertificate>> read(StorageSettings settings, AcmeSettings acme)
      throws StorageException, InterruptedException {
    String inUse = StorageInventory.authority(acme.directory());
    try (Storage storage = new Storage(settings, StorageAccess.DIRECT)) {
      StorageInventory inventory = new StorageInventory(storage);
      return inventory.exists()
          ? Optional.of(
              inventory.all().stream()
                  .map(stored -> of(stored, stored.authority().equals(inUse)))
                  .toList())
          : Optional.empty();
    }
  }

  private static StoredCertificate of(StoredName stored, boolean inUse) {
    LoadedPair loaded = stored.loaded();
    List<String> remarks = new ArrayList<>(loaded.remarks());
    Optional<KeyAndChain> good = loaded.pair().filter(pair -> isFor(pair, stored.name()));
    if (loaded.pair().isPresent() && good.isEmpty()) {
      remarks.add("what is stored names another host and is ignored");
    }
    return new StoredCertificate(
        stored.name(),
        stored.authority(),
        inUse,
        good.map(KeyAndChain::leaf),
        good.isPresent() ? loaded.served() : Optional.empty(),
        stored.state(),
        remarks);
  }

  /** A folder whose name was cut says no host; what is in it was checked when it was stored. */
  private static boolean isFor(KeyAndChain pair, String name) {
    return HostPattern.parse(name).map(host -> Names.covers(pair.leaf(), host)).orElse(true);
  }
}
