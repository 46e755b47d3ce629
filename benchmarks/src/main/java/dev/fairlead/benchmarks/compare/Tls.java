package dev.fairlead.benchmarks.compare;

import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** TLS of the Java loads: the version and the group of all others, and never a resumed session. */
final class Tls {

  private Tls() {}

  /**
   * Takes any certificate: before a case begins, curl has verified the one that each proxy has, and
   * Java's checks would cost more than all the rest.
   */
  static SslContext client() throws SSLException {
    // Else Netty's client keeps the servers' tickets and uses them.
    System.setProperty("io.netty.handler.ssl.openssl.sessionCacheClient", "false");
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .option(OpenSslContextOption.GROUPS, new String[] {"X25519"})
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .build();
  }
}
