package dev.fairlead.acme;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.CopiedName;
import dev.fairlead.acme.store.LoadedPair;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CA's certificate of one name: as the storage has it, or as it was issued just now and is not
 * stored yet. Used by the name's keeper only.
 */
final class CurrentCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(CurrentCertificate.class);

  private final HostPattern host;
  private final Workshop workshop;
  private final CopiedName copiedName;
  private final Runnable changed;
  private final Set<String> remarked = new HashSet<>();
  private Optional<String> generation = Optional.empty();
  private @Nullable KeyAndChain pair;

  /** The storage has said what it has, if anything. */
  private boolean answered;

  /** What is served is of the copy. */
  private boolean copied;

  /** Issued, but the storage failed before it was kept, or whoever kept it ended amidst it. */
  private @Nullable KeyAndChain unsaved;

  /** That is stored, and not current. */
  private boolean unfinished;

  /**
   * @param changed called when there is another one
   */
  CurrentCertificate(HostPattern host, Workshop workshop, Runnable changed) {
    this.host = host;
    this.workshop = workshop;
    this.copiedName = new CopiedName(host, workshop.directory());
    this.changed = changed;
  }

  Optional<KeyAndChain> pair() {
    return Optional.ofNullable(pair);
  }

  /** Takes over what is stored when it changed. */
  void load() throws StorageException, InterruptedException {
    Optional<LoadedPair> changed = workshop.storage().loadIfChanged(host, generation);
    if (changed.isPresent()) {
      take(changed.get());
    }
    workshop.copy().shareAnswered(copiedName);
  }

  /** Takes over what the copy has, while the storage cannot be used and has said nothing before. */
  void loadCopy() throws InterruptedException {
    if (pair == null && !answered) {
      Optional<KeyAndChain> copy = workshop.copy().take(copiedName).filter(this::isForThisName);
      if (copy.isPresent()) {
        copied = true;
        show(copy.get());
      }
    }
  }

  /** Takes over what is stored, past what this machine remembers; under the name's lock. */
  void loadFresh() throws StorageException, InterruptedException {
    take(workshop.storage().loadFresh(host));
  }

  /** Nobody wants the name any more. */
  void forget() {
    workshop.storage().forget(host);
    workshop.copy().shareAnswered(copiedName);
  }

  /** Serves what was issued, before anything else can fail. */
  void issued(KeyAndChain issued) {
    unsaved = issued;
    unfinished = false;
    show(issued);
  }

  boolean isUnsaved() {
    return unsaved != null;
  }

  /** Stores what was issued; under the name's lock. */
  void save() throws StorageException, InterruptedException {
    KeyAndChain issued = unsaved;
    if (issued != null) {
      workshop.storage().save(host, issued, workshop.clock().instant());
      unsaved = null;
      generation = Optional.empty(); // else who goes back to the one before at once is not seen
      unfinished = false;
    }
  }

  private void take(LoadedPair loaded) {
    for (String remark : loaded.remarks()) {
      if (remarked.add(remark)) {
        LOG.warn("certificate of {}: {}", host, remark);
      }
    }
    Optional<KeyAndChain> good = loaded.pair().filter(this::isForThisName);
    if (!answered || !loaded.generation().equals(generation)) {
      workshop.copy().loaded(copiedName, loaded, good);
    }
    generation = loaded.generation();
    answered = true;
    if (copied) {
      copied = false;
      pair = good.isPresent() ? pair : null; // the copy never knows better
    }
    if (good.isPresent() && !good.get().equals(pair) && isNewerThanUnsaved(good.get())) {
      unsaved = null;
      show(good.get());
    }
    finish(good.isPresent() && good.get().equals(pair) && generation.isEmpty());
  }

  /**
   * Sees to it that what is stored is current, too: others than we find it by that.
   *
   * @param now whether it is not, as whoever stored it has ended before
   */
  private void finish(boolean now) {
    if (now) {
      unsaved = pair;
    } else if (unfinished) {
      unsaved = null; // another instance has
    }
    unfinished = now;
  }

  private boolean isNewerThanUnsaved(KeyAndChain loaded) {
    KeyAndChain issued = unsaved;
    return issued == null || loaded.notAfter().isAfter(issued.notAfter());
  }

  private boolean isForThisName(KeyAndChain loaded) {
    if (Names.isFor(loaded.leaf(), host)) {
      return true;
    }
    if (remarked.add("name")) {
      LOG.warn("certificate of {}: what is stored names another host and is ignored", host);
    }
    return false;
  }

  private void show(KeyAndChain next) {
    pair = next;
    changed.run();
  }
}
