package dev.fairlead.acme.store;

import java.util.List;
import java.util.Optional;

/**
 * What the storage has of one name, of one CA.
 *
 * @param name the host; the folder's name where no host has it
 * @param authority the CA, as its folder is called
 * @param loaded its certificate
 * @param state how far it has come
 * @param advice what its CA said last of when to replace a certificate, perhaps an older one
 * @param routing whether a service has it
 */
public record StoredName(
    String name,
    String authority,
    LoadedPair loaded,
    NameState state,
    Optional<RenewalAdvice> advice,
    Routing routing) {

  /** Whether a service has a name, as far as the storage knows. */
  public enum Routing {
    /** One has; or no instance has looked yet. */
    ROUTED,
    /** None has any more. */
    NOT_ROUTED,
    /** None has had it for long: it is in the archive. */
    ARCHIVED
  }

  static StoredName unreadable(
      String name, String authority, Routing routing, StorageException cause) {
    LoadedPair nothing =
        new LoadedPair(
            LoadedPair.NONE.generation(),
            LoadedPair.NONE.served(),
            LoadedPair.NONE.pair(),
            List.of(String.valueOf(cause.getMessage())));
    return new StoredName(name, authority, nothing, NameState.NEW, Optional.empty(), routing);
  }
}
