package dev.fairlead.proxy.testing;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ListenerSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.proxy.forward.AccessLog;
import dev.fairlead.proxy.forward.HttpChallenges;
import dev.fairlead.proxy.server.ProxyServer;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.OnDemandCertificates;
import dev.fairlead.proxy.tls.ServerCertificate;
import dev.fairlead.proxy.tls.TlsChallenges;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A whole data plane on ports that the system chose, at 127.0.0.1. Names end in {@code .test}: they
 * lead to this machine. {@code *.test} has a certificate of {@link #ca()}; the JDK's client takes
 * it for {@code a}, {@code b}, {@code c} and {@code shop}.
 */
public final class ProxyFixture implements AutoCloseable {

  private static final byte[] STICKY_KEY = {1, 2, 3};
  private static final ListenAddress ANY_PORT = new ListenAddress(Optional.of("127.0.0.1"), 0);
  private static final TestCa CA = new TestCa();
  private static final ServerCertificate FALLBACK = CA.issue("fallback.invalid");
  // The JDK's client takes no wildcard right below a top-level name: its names are listed.
  private static final ServerCertificate ALL_TESTS =
      CA.issue("*.test", "a.test", "b.test", "c.test", "shop.test");

  private final List<AccessLog.Entry> log = new CopyOnWriteArrayList<>();
  private final CertificateIndex certificates;
  private final ProxyServer server;

  private ProxyFixture(Builder builder) {
    certificates = new CertificateIndex(builder.onDemand, builder.defaultAddress);
    try {
      server =
          ProxyServer.bind(
              new ListenerSettings(builder.listen, builder.listen, ANY_PORT, builder.publicPort),
              builder.trust,
              builder.timeouts,
              builder.limits.settings(),
              builder.heapBytes,
              STICKY_KEY,
              builder.forwarded,
              certificates,
              builder.httpChallenges,
              builder.tlsChallenges,
              builder.log == null ? log::add : builder.log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    certificates("*.test");
  }

  /** A proxy with long time limits, where nothing is routed yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** An active proxy with long time limits that routes this. */
  public static ProxyFixture routing(Consumer<SpecBuilder> routes) {
    return builder().start(routes);
  }

  /** What a proxy is started with. */
  public static final class Builder {

    private ListenAddress listen = ANY_PORT;
    private int publicPort = 443;
    private Optional<HostPattern> defaultAddress = Optional.empty();
    private TrustSettings trust = TrustSettings.NOBODY;
    private ForwardedSettings forwarded =
        new ForwardedSettings(
            ForwardedSettings.Header.X_FORWARDED, ForwardedSettings.NewTrace.SAMPLED);
    private final TestLimits limits = new TestLimits();
    private long heapBytes = Runtime.getRuntime().maxMemory();
    private @Nullable AccessLog log;
    private HttpChallenges httpChallenges =
        (host, token) -> CompletableFuture.completedFuture(new HttpChallenges.None());
    private TlsChallenges tlsChallenges =
        host -> CompletableFuture.completedFuture(Optional.empty());
    private OnDemandCertificates onDemand = OnDemandCertificates.NONE;
    private TimeoutSettings timeouts =
        new TimeoutSettings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));

    private Builder() {}

    public Builder listen(ListenAddress address) {
      listen = address;
      return this;
    }

    public Builder publicHttpsPort(int port) {
      publicPort = port;
      return this;
    }

    /** Whose certificate is for clients that name no host. */
    public Builder defaultAddress(String address) {
      defaultAddress = HostPattern.parse(address);
      return this;
    }

    /** Lets so many connections be open in all, and so many of one client. */
    public Builder connections(int inAll, int perClient) {
      return limits(limits -> limits.connections(inAll).connectionsPerClient(perClient));
    }

    public Builder limits(Consumer<TestLimits> change) {
      change.accept(limits);
      return this;
    }

    /** Takes this for the size of the heap. */
    public Builder heapBytes(long bytes) {
      heapBytes = bytes;
      return this;
    }

    /** Believes what peers in these networks say. */
    public Builder trusting(String... networks) {
      trust =
          new TrustSettings(
              Stream.of(networks).map(text -> IpNetwork.parse(text).orElseThrow()).toList(),
              trust.proxyProtocol(),
              trust.header());
      return this;
    }

    /** Believes what they say in these fields. */
    public Builder believing(TrustSettings.Header header) {
      trust = new TrustSettings(trust.networks(), trust.proxyProtocol(), header);
      return this;
    }

    /** Tells apps this. */
    public Builder telling(ForwardedSettings.Header header, ForwardedSettings.NewTrace newTrace) {
      forwarded = new ForwardedSettings(header, newTrace);
      return this;
    }

    /** Expects the PROXY protocol of those that are trusted. */
    public Builder proxyProtocol() {
      trust = new TrustSettings(trust.networks(), true, trust.header());
      return this;
    }

    /** Where ended exchanges are told, in the place of {@link ProxyFixture#log}, which is empty. */
    public Builder accessLog(AccessLog other) {
      log = other;
      return this;
    }

    public Builder httpChallenges(HttpChallenges challenges) {
      httpChallenges = challenges;
      return this;
    }

    public Builder tlsChallenges(TlsChallenges challenges) {
      tlsChallenges = challenges;
      return this;
    }

    public Builder onDemand(OnDemandCertificates certificates) {
      onDemand = certificates;
      return this;
    }

    public Builder headerTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(
              limit, t.handshake(), t.connect(), t.idle(), t.keepAlive(), t.drain()));
    }

    public Builder handshakeTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(t.header(), limit, t.connect(), t.idle(), t.keepAlive(), t.drain()));
    }

    public Builder connectTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(
              t.header(), t.handshake(), limit, t.idle(), t.keepAlive(), t.drain()));
    }

    public Builder idleTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(
              t.header(), t.handshake(), t.connect(), limit, t.keepAlive(), t.drain()));
    }

    public Builder keepAliveTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(t.header(), t.handshake(), t.connect(), t.idle(), limit, t.drain()));
    }

    public Builder drainTimeout(Duration limit) {
      TimeoutSettings t = timeouts;
      return timeouts(
          new TimeoutSettings(
              t.header(), t.handshake(), t.connect(), t.idle(), t.keepAlive(), limit));
    }

    public Builder timeouts(TimeoutSettings settings) {
      timeouts = settings;
      return this;
    }

    /** Binds only: clients can connect and wait. */
    public ProxyFixture bind() {
      return new ProxyFixture(this);
    }

    /** Binds, publishes the routes and serves. */
    public ProxyFixture start(Consumer<SpecBuilder> routes) {
      ProxyFixture proxy = bind();
      proxy.publish(routes);
      proxy.server.activate();
      return proxy;
    }
  }

  public ProxyServer server() {
    return server;
  }

  /** The authority of every certificate here. */
  public static TestCa ca() {
    return CA;
  }

  /** Publishes routes. */
  public void publish(Consumer<SpecBuilder> routes) {
    SpecBuilder spec = new SpecBuilder();
    routes.accept(spec);
    server.publish(spec.build());
  }

  /** Publishes one certificate for each of these patterns, and the fallback for what is left. */
  public void certificates(String... patterns) {
    Map<HostPattern, ServerCertificate> byPattern =
        Stream.of(patterns)
            .collect(
                Collectors.toMap(
                    pattern -> HostPattern.parse(pattern).orElseThrow(),
                    pattern -> pattern.equals("*.test") ? ALL_TESTS : CA.issue(pattern)));
    certificates.publish(byPattern, Optional.of(FALLBACK));
  }

  /** Publishes this certificate for a pattern, and the fallback for what is left. */
  public void certificate(String pattern, ServerCertificate certificate) {
    certificates.publish(
        Map.of(HostPattern.parse(pattern).orElseThrow(), certificate), Optional.of(FALLBACK));
  }

  /** Publishes these certificates, and the fallback for what is left. */
  public void certificates(Map<HostPattern, ServerCertificate> byPattern) {
    certificates.publish(byPattern, Optional.of(FALLBACK));
  }

  /** Derives the keys of session tickets from these, the first of which encrypts. */
  public void ticketSecrets(byte[]... secrets) {
    certificates.ticketSecrets(List.of(secrets));
  }

  /** The exchanges that ended so far. */
  public List<AccessLog.Entry> log() {
    return log;
  }

  public int httpPort() {
    return server.httpAddress().getPort();
  }

  public int httpsPort() {
    return server.httpsAddress().getPort();
  }

  public URI http(String host, String path) {
    return URI.create("http://" + host + ":" + httpPort() + path);
  }

  public URI https(String host, String path) {
    return URI.create("https://" + host + ":" + httpsPort() + path);
  }

  /** A plain connection. */
  public Wire connect() throws IOException {
    return new Wire(new Socket(InetAddress.ofLiteral("127.0.0.1"), httpPort()));
  }

  /** A connection to the TLS port, without TLS. */
  public Wire connectBare() throws IOException {
    return new Wire(new Socket(InetAddress.ofLiteral("127.0.0.1"), httpsPort()));
  }

  /** A TLS connection that names {@code host} and offers HTTP/1.1. */
  public Wire connectTls(String host) throws IOException {
    return new Wire(tlsSocket(host, "http/1.1"));
  }

  /**
   * A TLS connection after its handshake.
   *
   * @param host the server name; empty for none
   */
  public SSLSocket tlsSocket(String host, String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            CA.clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.ofLiteral("127.0.0.1"), httpsPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(15_000);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  /** The JDK's client; it trusts {@link #ca()}. */
  public static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(CA.clientContext())
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
