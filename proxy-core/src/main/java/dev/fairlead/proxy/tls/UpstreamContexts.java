package dev.fairlead.proxy.tls;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.routing.UpstreamTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;

/**
 * The TLS contexts of connections to apps, one for each way of judging certificates. They are made
 * by {@link #prepare}, before a snapshot needs them: the well-known authorities take a tenth of a
 * second to read. {@link #find} is for event loops.
 */
public final class UpstreamContexts {

  private volatile Map<UpstreamSpec, SslContext> contexts = Map.of();

  /**
   * Makes what these clusters need, and forgets what they do not. For one control thread at a time.
   */
  public void prepare(RoutingSpec spec) {
    Map<UpstreamSpec, SslContext> next = new HashMap<>();
    for (ClusterSpec cluster : spec.clusters()) {
      UpstreamSpec upstream = cluster.upstream();
      upstream
          .tls()
          .ifPresent(
              tls -> {
                SslContext known = contexts.get(upstream);
                next.put(upstream, known == null ? build(upstream, tls) : known);
              });
    }
    contexts = Map.copyOf(next);
  }

  /**
   * The context of a cluster that is in a prepared spec.
   *
   * @throws IllegalStateException when it is not, or has no TLS
   */
  public SslContext find(UpstreamSpec upstream) {
    SslContext context = contexts.get(upstream);
    if (context == null) {
      throw new IllegalStateException("no TLS was prepared for " + upstream.scheme());
    }
    return context;
  }

  private static SslContext build(UpstreamSpec upstream, UpstreamTls tls) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsContexts.PROVIDER)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    upstream.scheme().isHttp2()
                        ? ApplicationProtocolNames.HTTP_2
                        : ApplicationProtocolNames.HTTP_1_1));
    try {
      judge(builder, tls);
      return builder.build();
    } catch (SSLException | CertificateException e) {
      throw new IllegalArgumentException("scheme.ca of %s can't be used".formatted(tls.name()), e);
    }
  }

  private static void judge(SslContextBuilder builder, UpstreamTls tls)
      throws CertificateException {
    if (tls.name().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      builder.serverName(new SNIHostName(tls.name()));
    }
    if (!tls.verify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      builder.endpointIdentificationAlgorithm(null);
      return;
    }
    builder.endpointIdentificationAlgorithm("HTTPS");
    if (tls.authorities().isPresent()) {
      builder.trustManager(certificates(tls.authorities().get()));
    }
  }

  private static List<X509Certificate> certificates(String pem) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      certificates.add((X509Certificate) certificate);
    }
    return certificates;
  }
}
