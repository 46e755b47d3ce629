package dev.fairlead.app.alert;

import dev.fairlead.acme.pem.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which servers are believed: those that the JDK trusts, and those of {@code alerts.ca-root}. */
final class Trust {

  private Trust() {}

  static SSLContext context(Optional<Path> more) throws ChannelException {
    try {
      if (more.isEmpty()) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(roots(more.get())), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new ChannelException(
          "alerts.ca-root: %s cannot be read, %s (expected: a PEM file)"
              .formatted(more.map(Path::toString).orElse(""), e.getMessage()),
          true);
    }
  }

  private static KeyStore roots(Path file) throws IOException, GeneralSecurityException {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    int number = 0;
    for (X509Certificate root : Pem.certificates(Files.readString(file))) {
      roots.setCertificateEntry("given-" + number++, root);
    }
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager known) {
        for (X509Certificate root : known.getAcceptedIssuers()) {
          roots.setCertificateEntry("jdk-" + number++, root);
        }
      }
    }
    return roots;
  }

  private static TrustManager[] managers(@Nullable KeyStore roots) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return factory.getTrustManagers();
  }
}
