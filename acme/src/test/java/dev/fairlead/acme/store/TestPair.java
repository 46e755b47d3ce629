package dev.fairlead.acme.store;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A key with its certificate, new each time. */
final class TestPair {

  private TestPair() {}

  static KeyAndChain of(HostPattern host) {
    KeyPair key = Keys.newP256();
    return new KeyAndChain(
        key.getPrivate(),
        List.of(
            new CertificateBuilder("test", key.getPublic(), Instant.now(), Duration.ofDays(1))
                .name(host)
                .selfSigned(key)));
  }
}
