package dev.fairlead.proxy.tls;

import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context of a certificate, made at its first handshake: 10 KiB each, and most of a
 * thousand hosts have no visitor for hours. Making it takes a tenth of a millisecond, less than the
 * handshake does. Thread-safe.
 */
final class LazyContext {

  private final ServerCertificate certificate;
  private volatile @Nullable SslContext context;

  /**
   * Checks the certificate, and makes nothing yet.
   *
   * @throws IllegalArgumentException when it can't be used
   */
  LazyContext(ServerCertificate certificate) {
    TlsContexts.check(certificate);
    this.certificate = certificate;
  }

  ServerCertificate certificate() {
    return certificate;
  }

  SslContext get() {
    SslContext made = context;
    return made != null ? made : make();
  }

  private synchronized SslContext make() {
    SslContext made = context;
    if (made == null) {
      made = TlsContexts.forWeb(certificate);
      context = made;
    }
    return made;
  }
}
