package dev.fairlead.acme.transfer;

import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageInventory;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes over the certificates of another proxy, so that going over to this one orders nothing. May
 * be done again, and while a proxy runs on the same storage: it sees what came within seconds.
 * Blocks its caller.
 */
public final class CertificateImport implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Storage storage;
  private final List<URI> settings;
  private final Clock clock;

  /**
   * Makes an import that does nothing yet.
   *
   * @param acme the directories that a proxy on this storage uses
   * @param clock for what is still valid
   */
  public CertificateImport(StorageSettings storage, AcmeSettings acme, Clock clock) {
    this.storage = new Storage(storage, StorageAccess.DIRECT);
    this.settings = acme.directories();
    this.clock = clock;
  }

  /**
   * Reads all of a source first, then stores one after the other, those that are valid longest
   * first.
   *
   * @param path the file or directory that the other proxy left
   * @param named the CA of what does not say of which it is
   * @param dryRun whether nothing is written
   * @param said hears what became of each
   * @throws SourceException when the source as a whole cannot be read; nothing was written
   * @throws StorageException when the storage fails; what was said before is done
   */
  public void run(
      FormerProxy from, Path path, Optional<URI> named, boolean dryRun, Consumer<ImportLine> said)
      throws SourceException, StorageException, InterruptedException {
    Directories directories = new Directories(named, settings);
    Findings found = from.read(SourceTree.at(path), directories);
    Optional<String> foreign = new StorageInventory(storage).ownedBySomebodyElse();
    if (foreign.isPresent() && !dryRun) {
      throw new SourceException(foreign.get());
    }
    Locks locks = new Locks(storage, clock);
    Importer importer = new Importer(storage, locks, named, clock, dryRun);
    for (Finding certificate : longestFirst(found.certificates())) {
      said.accept(importer.certificate(certificate));
    }
    AccountImporter accounts = new AccountImporter(storage, locks, named, dryRun);
    for (FoundAccount account : found.accounts()) {
      said.accept(accounts.account(account));
    }
  }

  private static List<Finding> longestFirst(List<Finding> found) {
    return found.stream().sorted(Comparator.comparing(CertificateImport::end).reversed()).toList();
  }

  private static Instant end(Finding found) {
    return found instanceof Finding.Whole whole ? whole.pair().notAfter() : Instant.MIN;
  }

  /** Ends; the locks are free when it has, but for a storage that hangs. */
  @Override
  public void close() {
    storage.close();
    try {
      storage.awaitEnd(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
