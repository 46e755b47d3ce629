package dev.fairlead.app.alert;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A CA that no JDK knows, for servers of tests. */
final class OwnCa {

  private static final Duration LIFE = Duration.ofDays(2);
  private static final char[] NO_PASSWORD = {};

  private final KeyAndChain authority;

  OwnCa() {
    KeyPair key = Keys.newP256();
    authority =
        new KeyAndChain(
            key.getPrivate(),
            List.of(
                new CertificateBuilder("a CA of tests", key.getPublic(), Instant.now(), LIFE)
                    .forAuthority()
                    .selfSigned(key)));
  }

  /** Its certificate as a file. */
  Path file(Path directory) throws IOException {
    return Files.writeString(directory.resolve("own-ca.pem"), Pem.of(authority.chain()));
  }

  /** What a server of this name shows its clients. */
  SSLContext server(String name) throws IOException, GeneralSecurityException {
    KeyPair key = Keys.newP256();
    Certificate[] chain = {
      new CertificateBuilder(name, key.getPublic(), Instant.now(), LIFE)
          .name(HostPattern.parse(name).orElseThrow())
          .forServers()
          .signedBy(authority),
      authority.leaf()
    };
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("server", key.getPrivate(), NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
