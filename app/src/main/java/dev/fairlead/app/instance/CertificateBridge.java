package dev.fairlead.app.instance;

import dev.fairlead.acme.CertificateListener;
import dev.fairlead.acme.ServedCertificate;
import dev.fairlead.acme.ServedCertificates;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.ServerCertificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * From the certificates that acme keeps to the index that the data plane answers with. A
 * certificate that did not change stays the same object there, so that its TLS sessions can be
 * resumed. Called by one thread at a time.
 */
final class CertificateBridge implements CertificateListener {

  private final CertificateIndex index;
  private Map<ServedCertificate, ServerCertificate> known = Map.of();

  CertificateBridge(CertificateIndex index) {
    this.index = index;
  }

  @Override
  public void changed(ServedCertificates certificates) {
    Map<ServedCertificate, ServerCertificate> next = new HashMap<>();
    Map<HostPattern, ServerCertificate> byHost = new HashMap<>();
    certificates.byHost().forEach((host, served) -> byHost.put(host, convert(served, next)));
    index.publish(byHost, certificates.fallback().map(served -> convert(served, next)));
    known = next;
  }

  /** The same, with somebody who hears of it afterwards. */
  CertificateListener before(CertificateListener next) {
    return certificates -> {
      changed(certificates);
      next.changed(certificates);
    };
  }

  /** What answers a tls-alpn-01 challenge, as the data plane wants it. */
  static CompletionStage<Optional<ServerCertificate>> forChallenge(
      CompletionStage<Optional<KeyAndChain>> found) {
    return found.thenApply(
        pair -> pair.map(each -> new ServerCertificate(each.privateKey(), each.chain())));
  }

  private ServerCertificate convert(
      ServedCertificate served, Map<ServedCertificate, ServerCertificate> next) {
    return next.computeIfAbsent(
        served,
        certificate -> {
          ServerCertificate before = known.get(certificate);
          return before != null
              ? before
              : new ServerCertificate(certificate.privateKey(), certificate.chain());
        });
  }
}
