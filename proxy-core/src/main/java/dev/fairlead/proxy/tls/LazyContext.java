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

  private final String host;
  private final ServerCertificate certificate;
  private final TicketKeys tickets;
  private final AtomicReference<@Nullable SslContext> context = new AtomicReference<>();

  /**
   * Checks the certificate, and makes nothing yet.
   *
   * @param host the pattern that it answers for; empty for the fallback
   * @throws IllegalArgumentException when it can't be used
   */
  LazyContext(String host, ServerCertificate certificate, TicketKeys tickets) {
    TlsContexts.check(certificate);
    this.host = host;
    this.certificate = certificate;
    this.tickets = tickets;
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
    TicketKeys.Secrets secrets = tickets.secrets();
    TicketKeys.apply(made, host, certificate, secrets);
    SslContext other = context.compareAndExchange(null, made);
    if (other != null) {
      return other;
    }
    // Whoever replaced the secrets meanwhile found no context to give its keys to.
    while (secrets != tickets.secrets()) {
      secrets = tickets.secrets();
      TicketKeys.apply(made, host, certificate, secrets);
    }
    return made;
  }

  /** Gives the context, if there is one, the keys of the secrets as they are now. */
  void renewTicketKeys() {
    SslContext made = context.get();
    if (made != null) {
      TicketKeys.apply(made, host, certificate, tickets.secrets());
    }
  }
}
