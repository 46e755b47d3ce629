package dev.fairlead.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the TLS contexts of certificates: TLS 1.2 and 1.3 by BoringSSL, by the JDK where there is
 * none for this machine. Costs a tenth of a millisecond each.
 */
final class TlsContexts {

  private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

  /** The one protocol of a tls-alpn-01 challenge (RFC 8737 §3). */
  static final String ACME_TLS = "acme-tls/1";

  static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

  /**
   * Those that agree on new keys for each connection and authenticate what they encrypt (RFC 9325
   * §4.2), best first. HTTP/2 may use no others of TLS 1.2 (RFC 9113 §9.2.2), and Netty's default
   * has others for RSA keys. BoringSSL chooses among those of TLS 1.3 itself.
   */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /**
   * Sessions that are kept of a host, for clients of TLS 1.2 that take no tickets. Each takes some
   * 2 KB, and anybody can make any number of them: Netty's 20,480 would be 40 MB for each host.
   */
  private static final int MAX_SESSIONS = 256;

  /** The keys that TLS 1.3 and 1.2 agree on here. */
  private static final Set<String> KEY_ALGORITHMS = Set.of("EC", "RSA");

  private static final TrustManager NO_CLIENT_CERTIFICATES = new NoClientCertificates();

  private TlsContexts() {}

  /** Loads the library; whoever comes meanwhile waits for it. */
  static void load() {
    LOG.debug("TLS is done by {}", PROVIDER);
    initialize("io.netty.handler.ssl.OpenSslX509TrustManagerWrapper");
  }

  // It looks into the JDK's TLS, for 20 ms, and would do so within the first handshake.
  private static void initialize(String name) {
    try {
      Class.forName(name, true, OpenSsl.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      LOG.debug("Netty has no {} any more", name, e);
    }
  }

  static SslContext forWeb(ServerCertificate certificate) {
    return build(certificate, ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  }

  static SslContext forChallenge(ServerCertificate certificate) {
    return build(certificate, ACME_TLS);
  }

  /**
   * Checks what a context of it would be refused for.
   *
   * @throws IllegalArgumentException with the reason
   */
  static void check(ServerCertificate certificate) {
    if (!KEY_ALGORITHMS.contains(certificate.key().getAlgorithm())) {
      throw new IllegalArgumentException(
          "key of %s: %s (expected: EC or RSA)"
              .formatted(certificate, certificate.key().getAlgorithm()));
    }
  }

  private static SslContext build(ServerCertificate certificate, String... protocols) {
    check(certificate);
    try {
      return SslContextBuilder.forServer(new OneKey(certificate))
          .sslProvider(PROVIDER)
          .trustManager(NO_CLIENT_CERTIFICATES)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .sessionCacheSize(MAX_SESSIONS)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  protocols))
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("certificate can't be used: " + certificate, e);
    }
  }
}
