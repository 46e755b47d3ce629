package dev.fairlead.acme;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.Keys;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublisherTest {

  @Test
  void whatTheListenerDidNotTakeIsHeardAgain() throws Exception {
    KeyPair key = Keys.newP256();
    X509Certificate certificate =
        new CertificateBuilder("test", key.getPublic(), Instant.now(), Duration.ofDays(1))
            .selfSigned(key);
    ServedCertificate fallback =
        new ServedCertificate(key.getPrivate(), List.of(certificate), Origin.LOCAL);
    List<ServedCertificates> heard = new ArrayList<>();
    CertificateListener listener =
        certificates -> {
          heard.add(certificates);
          if (heard.size() < 3) {
            throw new IllegalArgumentException("not now");
          }
        };
    Publisher publisher =
        new Publisher(
            () -> Optional.of(List.of()),
            () -> Optional.of(fallback),
            listener,
            Duration.ofMillis(20));
    Thread thread = Thread.ofVirtual().start(publisher);
    publisher.changed();
    publisher.initialLoad().get(20, SECONDS);
    thread.interrupt();
    thread.join();
    assertThat(heard).hasSize(3).containsOnly(heard.getFirst());
  }
}
