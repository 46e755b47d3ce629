package dev.fairlead.proxy.tls;

import io.netty.handler.ssl.SslContext;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context of a certificate, made at its first handshake: 10 KiB each, and most of a
 * thousand hosts have no visitor for hours. Making it takes a tenth of a millisecond, less than the
 * handshake does. Thread-safe.
 */
final class LazyContext {

  private final ServerCertificate certificate;
  private final AtomicReference<@Nullable SslContext> context = new AtomicReference<>();

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
    SslContext made = context.get();
    return made != null ? made : make();
  }

  // Of two loops that make it at the same time one takes the other's: event loops do not wait.
  private SslContext make() {
    SslContext made = TlsContexts.forWeb(certificate);
    SslContext other = context.compareAndExchange(null, made);
    return other != null ? other : made;
  }
}
