package dev.fairlead.acme;

import dev.fairlead.acme.store.NameFolder;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Renews certificates of names that no service has any more: some day one may have them again. They
 * are served to nobody, and nobody is told when it fails. Used by one thread.
 */
final class UnwantedNames {

  private final Workshop workshop;
  private final Map<NameFolder, AcmeCertificate> certificates = new HashMap<>();

  UnwantedNames(Workshop workshop) {
    this.workshop = workshop;
  }

  /** Orders where that is due. What has ended is not ordered any more. */
  void renew(NameFolder name) throws StorageException, InterruptedException {
    Optional<HostPattern> host = name.host().filter(this::isOrderable);
    if (host.isPresent()) {
      AcmeCertificate certificate =
          certificates.computeIfAbsent(
              name,
              _ ->
                  new AcmeCertificate(new WantedName(host.get(), TlsMode.ACME), workshop, _ -> {}));
      if (certificate.load() && certificate.isValid(workshop.clock().instant())) {
        certificate.orderWhenDue();
      }
    }
  }

  /** The others are stored no more, or wanted again. */
  void retain(Collection<NameFolder> stored, Set<NameFolder> wanted) {
    for (NameFolder name : new HashSet<>(certificates.keySet())) {
      if (wanted.contains(name) || !stored.contains(name)) {
        forget(name);
      }
    }
  }

  void forget(NameFolder name) {
    AcmeCertificate certificate = certificates.remove(name);
    if (certificate != null) {
      certificate.forget();
    }
  }

  private boolean isOrderable(HostPattern host) {
    return PublicName.problem(host, workshop.privateCa(), workshop.dns()).isEmpty();
  }
}
