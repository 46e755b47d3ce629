package dev.fairlead.acme.transfer;

import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import java.net.URI;
import java.security.KeyPair;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over the account at a CA where there is none yet. Its key is enough: with it the CA tells
 * the account's address (RFC 8555 §7.3.1).
 */
final class AccountImporter {

  private final Storage storage;
  private final Locks locks;
  private final Optional<URI> named;
  private final boolean dryRun;
  private final Set<URI> planned = new HashSet<>();

  AccountImporter(Storage storage, Locks locks, Optional<URI> named, boolean dryRun) {
    this.storage = storage;
    this.locks = locks;
    this.named = named;
    this.dryRun = dryRun;
  }

  ImportLine account(FoundAccount found) throws StorageException, InterruptedException {
    Optional<URI> directory = found.directory().or(() -> named);
    if (directory.isEmpty()) {
      return skipped(
          "account of " + found.place(),
          Outcome.NOT_POSSIBLE,
          "which CA it is of does not stand there (fix: --ca with the address of its directory)");
    }
    String subject = "account at " + directory.get();
    Optional<KeyPair> key =
        found.key().filter(pair -> Keys.provesTo(pair.getPublic(), pair.getPrivate()));
    if (key.isEmpty()) {
      return skipped(subject, Outcome.NOT_POSSIBLE, "its key cannot be read (expected: EC or RSA)");
    }
    return store(subject, directory.get(), key.get());
  }

  private ImportLine store(String subject, URI directory, KeyPair key)
      throws StorageException, InterruptedException {
    AccountStorage accounts = new AccountStorage(storage, directory);
    if (accounts.hasKey() || planned.contains(directory)) {
      return skipped(subject, Outcome.NOT_NEEDED, "there is one");
    }
    if (dryRun) {
      planned.add(directory);
      return new ImportLine(subject, Outcome.IMPORTED, "would be imported");
    }
    LockName name = LockName.account(directory);
    Optional<StorageLock> lock = locks.tryLock(name);
    if (lock.isEmpty()) {
      return skipped(
          subject, Outcome.NOT_POSSIBLE, "another instance makes one: " + locks.holder(name));
    }
    try (StorageLock _ = lock.get()) {
      if (accounts.key().isPresent()) {
        return skipped(subject, Outcome.NOT_NEEDED, "there is one");
      }
      accounts.saveKey(key);
      return new ImportLine(subject, Outcome.IMPORTED, "imported");
    }
  }

  private static ImportLine skipped(String subject, Outcome outcome, String reason) {
    return new ImportLine(subject, outcome, "skipped, " + reason);
  }
}
