package dev.fairlead.proxy.tls;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.IpAddress;
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
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS contexts of connections to apps, one for each way of judging certificates. They are made
 * by {@link #prepare}, before a snapshot needs them: the well-known authorities take a tenth of a
 * second to read. {@link #find} is for event loops.
 */
public final class UpstreamContexts {

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamContexts.class);

  /**
   * Names of services may have more characters than those of hosts, and be addresses (RFC 6066 §3).
   */
  private static final Pattern SNI =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  private volatile Map<UpstreamSpec, SslContext> contexts = Map.of();

  /** Of the last spec alone. For the control thread. */
  private Map<UpstreamSpec, SslContext> latest = Map.of();

  /**
   * Makes what these clusters need, and forgets what neither they do nor those of the spec before:
   * until the new one is in force, and for exchanges under way, that one is. For one control thread
   * at a time.
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
                SslContext context = known == null ? build(cluster, tls) : known;
                if (context != null) {
                  next.put(upstream, context);
                }
              });
    }
    Map<UpstreamSpec, SslContext> both = new HashMap<>(latest);
    both.putAll(next);
    contexts = Map.copyOf(both);
    latest = next;
  }

  /**
   * The context of a cluster that is in the last two prepared specs; null where none could be made.
   */
  public @Nullable SslContext find(UpstreamSpec upstream) {
    return contexts.get(upstream);
  }

  // One service's certificates that are of no use change nothing for another service.
  private static @Nullable SslContext build(ClusterSpec cluster, UpstreamTls tls) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsContexts.PROVIDER)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    cluster.upstream().scheme().isHttp2()
                        ? ApplicationProtocolNames.HTTP_2
                        : ApplicationProtocolNames.HTTP_1_1));
    try {
      judge(builder, tls);
      return builder.build();
    } catch (SSLException | CertificateException | IllegalArgumentException e) {
      LOG.warn("{} can't be reached by TLS: its scheme.ca can't be used", cluster.name(), e);
      return null;
    }
  }

  private static void judge(SslContextBuilder builder, UpstreamTls tls)
      throws CertificateException {
    if (SNI.matcher(tls.name()).matches() && IpAddress.normal(tls.name()).isEmpty()) {
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
