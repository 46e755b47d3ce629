package dev.fairlead.acme;

import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SecretStorage;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.TicketKeyStorage;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What instances on one storage have in common beside certificates. Thread-safe. */
final class SharedParts {

  private final Storage storage;
  private final Locks locks;
  private final Clock clock;
  private final Pace pace;
  private final Helpers helpers;

  /**
   * @param helpers where those who look after something work
   */
  SharedParts(Storage storage, Locks locks, Clock clock, Pace pace, Helpers helpers) {
    this.storage = storage;
    this.locks = locks;
    this.clock = clock;
    this.pace = pace;
    this.helpers = helpers;
  }

  /** See {@link CertificateManager#secret}. */
  CompletableFuture<Void> secret(String name, Consumer<byte[]> found) {
    SharedSecret secret =
        new SharedSecret(
            new SecretStorage(storage, name), locks, LockName.secret(name), pace.poll(), found);
    helpers.start("secret-" + name, secret);
    return secret.firstLook();
  }

  /** See {@link CertificateManager#ticketKeys}. */
  CompletableFuture<Void> ticketKeys(Consumer<List<byte[]>> changed) {
    TicketKeyKeeper keeper =
        new TicketKeyKeeper(new TicketKeyStorage(storage), locks, clock, pace, changed);
    helpers.start("ticket-keys", keeper);
    return keeper.firstLook();
  }

  /** See {@link CertificateManager#sharedNote}. */
  SharedNote note(String name) {
    return new SharedNote(storage, locks, name);
  }
}
