package dev.fairlead.acme.store;

import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;

/**
 * What is written down of one name's order while the name's lock is held. Once it has {@linkplain
 * #end ended} nothing is written any more: whoever still works on the order then has no lock.
 * Thread-safe.
 */
public final class Journal {

  private final NameStateStorage storage;
  private final HostPattern host;
  private final List<HostPattern> together;
  private NameState state;
  private boolean ended;

  private Journal(
      NameStateStorage storage, HostPattern host, List<HostPattern> together, NameState state) {
    this.storage = storage;
    this.host = host;
    this.together = List.copyOf(together);
    this.state = state;
  }

  /** Opens the journal of a name as the share has it; the caller holds the name's lock. */
  public static Journal open(NameStateStorage storage, HostPattern host)
      throws StorageException, InterruptedException {
    return open(storage, host, List.of());
  }

  /**
   * The same of a certificate for several names. What the share has about others is not gone on
   * with.
   *
   * @param together what it is to name; empty for the name alone
   */
  public static Journal open(NameStateStorage storage, HostPattern host, List<HostPattern> together)
      throws StorageException, InterruptedException {
    return new Journal(storage, host, together, storage.loadFresh(host).about(together));
  }

  public HostPattern host() {
    return host;
  }

  /** What the certificate is to name that is ordered; empty for the name alone. */
  public List<HostPattern> together() {
    return together;
  }

  public synchronized NameState state() {
    return state;
  }

  /** The step on the share. */
  public synchronized Step step() {
    return state.step();
  }

  /** Remembers what DNS says while it is tried; kept with the next state that is. */
  public synchronized void seen(String answer) {
    state = state.seen(answer);
  }

  /** Keeps another step; returns when it is on the disk. */
  public synchronized void step(Step next) throws StorageException, InterruptedException {
    write(state.at(next));
  }

  /** Keeps another state; returns when it is on the disk. */
  public synchronized void write(NameState next) throws StorageException, InterruptedException {
    checkNotEnded();
    NameState kept = next.of(together);
    storage.save(host, kept);
    state = kept;
  }

  /** The key of the certificate that is ordered; empty when there is none yet. */
  public Optional<KeyPair> key() throws StorageException, InterruptedException {
    return storage.key(host);
  }

  /** Keeps the key of the certificate that is ordered; returns when it is on the disk. */
  public synchronized void saveKey(KeyPair key) throws StorageException, InterruptedException {
    checkNotEnded();
    storage.saveKey(host, key);
  }

  /** The key is not needed any more. */
  public synchronized void removeKey() throws StorageException, InterruptedException {
    checkNotEnded();
    storage.removeKey(host);
  }

  /** The lock is about to be given back. */
  public synchronized void end() {
    ended = true;
  }

  private void checkNotEnded() throws InterruptedException {
    if (ended) {
      throw new InterruptedException("the lock of %s was given back".formatted(host));
    }
  }
}
