package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Which certificate answers whom. */
class HandshakesTest {

  /** A ClientHello that names {@code a.test}, in its record. */
  private static final byte[] HELLO =
      HexFormat.of()
          .parseHex(
              "160301003e"
                  + "0100003a"
                  + "0303"
                  + "52".repeat(32)
                  + "00"
                  + "00021301"
                  + "0100"
                  + "000f"
                  + "0000000b0009000006612e74657374");

  /** What Netty says when nothing is scheduled. */
  private static final long NONE = -1;

  @Test
  void everyHostHasItsOwnCertificate() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      proxy.certificates("a.test", "b.test", "*.c.test");

      assertThat(subject(proxy, "a.test")).isEqualTo("CN=a.test");
      assertThat(subject(proxy, "B.test")).isEqualTo("CN=b.test");
      assertThat(subject(proxy, "x.c.test")).isEqualTo("CN=any.c.test");
    }
  }

  @Test
  void whoNamesNoKnownHostGetsTheFallback() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      proxy.certificates("a.test", "*.c.test");

      assertThat(subject(proxy, "unknown.test")).isEqualTo("CN=fallback.invalid");
      assertThat(subject(proxy, "c.test")).isEqualTo("CN=fallback.invalid");
      assertThat(subject(proxy, "x.y.c.test")).isEqualTo("CN=fallback.invalid");
      assertThat(subject(proxy, "")).isEqualTo("CN=fallback.invalid");
    }
  }

  @Test
  void anExactHostHidesTheWildcard() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      proxy.certificates("x.c.test", "*.c.test");

      assertThat(subject(proxy, "x.c.test")).isEqualTo("CN=x.c.test");
    }
  }

  @Test
  void aNewCertificateTouchesNoOpenConnection() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      proxy.certificates("a.test");
      try (SSLSocket socket = proxy.tlsSocket("a.test", "http/1.1");
          Wire client = new Wire(socket)) {
        X509Certificate before = peer(socket);
        proxy.certificates("a.test");

        assertThat(client.get("a.test", "/").read().body()).isEqualTo("app");
        try (SSLSocket next = proxy.tlsSocket("a.test", "http/1.1")) {
          assertThat(peer(next)).isNotEqualTo(before);
        }
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("app");
      }
    }
  }

  @Test
  void clientsThatBreakOffOrTalkNonsenseWriteNoLog() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      try (Wire partOfHello = proxy.connectBare();
          Wire noTls = proxy.connectBare();
          Wire hugeHello = proxy.connectBare()) {
        partOfHello.send(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}).reset();
        noTls.send("GET / HTTP/1.1\r\n\r\n").awaitEnd();
        byte[] firstRecord = new byte[5 + 16 * 1024];
        System.arraycopy(new byte[] {0x16, 3, 1, 0x40, 0, 1, 1, 0, 0}, 0, firstRecord, 0, 9);
        hugeHello.send(firstRecord).awaitEnd();
      }
      await().until(() -> proxy.server().openConnections() == 0);
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list).isEmpty();
  }

  @Test
  void aConnectionThatEndsWithinItsHandshakeLeavesNoTimer() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new TlsEntry(
                new CertificateIndex(),
                host -> CompletableFuture.completedFuture(Optional.empty()),
                Duration.ofSeconds(10),
                (pipeline, http2, serverName) -> {}));
    assertThat(channel.runScheduledPendingTasks()).isPositive();

    // Not a close: EmbeddedChannel would cancel everything by itself.
    channel.pipeline().fireChannelInactive();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NONE);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPendingChallengeIsAnsweredToWhoOffersNothingElse(boolean later) throws Exception {
    ServerCertificate answer = ProxyFixture.ca().issue("challenge.test");
    try (ProxyFixture proxy =
        ProxyFixture.builder()
            .tlsChallenges(
                host -> {
                  Optional<ServerCertificate> found =
                      host.equals("a.test") ? Optional.of(answer) : Optional.empty();
                  return later
                      ? CompletableFuture.supplyAsync(
                          () -> found, task -> Thread.ofVirtual().start(task))
                      : CompletableFuture.completedFuture(found);
                })
            .start(spec -> {})) {
      try (SSLSocket ca = proxy.tlsSocket("a.test", "acme-tls/1")) {
        assertThat(peer(ca)).isEqualTo(answer.chain().getFirst());
        assertThat(ca.getApplicationProtocol()).isEqualTo("acme-tls/1");
        assertThat(ca.getInputStream().read()).isEqualTo(-1);
      }
      assertThatThrownBy(() -> proxy.tlsSocket("b.test", "acme-tls/1"))
          .isInstanceOf(IOException.class);
      try (SSLSocket other = proxy.tlsSocket("a.test", "acme-tls/1", "http/1.1")) {
        assertThat(peer(other)).isNotEqualTo(answer.chain().getFirst());
        assertThat(other.getApplicationProtocol()).isEqualTo("http/1.1");
      }
    }
  }

  @Test
  void aChallengeThatFailsClosesTheConnection() throws Exception {
    try (ProxyFixture proxy =
        ProxyFixture.builder()
            .tlsChallenges(
                host -> CompletableFuture.failedFuture(new IllegalStateException("storage")))
            .start(spec -> {})) {
      assertThatThrownBy(() -> proxy.tlsSocket("a.test", "acme-tls/1"))
          .isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @Test
  void aHandshakeWaitsForTheCertificateThatItBroughtAbout() throws Exception {
    List<String> arrivals = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> ordered = new CompletableFuture<>();
    try (ProxyFixture proxy =
        ProxyFixture.builder()
            .onDemand(
                host -> {
                  arrivals.add(host);
                  return host.equals("new.c.test") ? ordered : OnDemandCertificates.NOW;
                })
            .start(spec -> {})) {
      proxy.certificates("*.c.test");
      CompletableFuture<String> waiting = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> waiting.complete(subjectOf(proxy, "New.c.test")));
      await().until(() -> arrivals.contains("new.c.test"));

      assertThat(subject(proxy, "other.c.test")).isEqualTo("CN=any.c.test");
      assertThat(subject(proxy, "")).isEqualTo("CN=fallback.invalid");
      assertThat(waiting).isNotDone();
      proxy.certificates("new.c.test", "*.c.test");
      ordered.complete(null);

      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("CN=new.c.test");
      assertThat(arrivals).containsExactly("new.c.test", "other.c.test");
    }
  }

  @Test
  void whoWaitsForACertificateGetsAnotherOneInTime() throws Exception {
    try (ProxyFixture proxy =
        ProxyFixture.builder()
            .handshakeTimeout(Duration.ofSeconds(2))
            .onDemand(host -> new CompletableFuture<>())
            .start(spec -> {})) {
      proxy.certificates("*.c.test");

      assertThat(subject(proxy, "new.c.test")).isEqualTo("CN=any.c.test");
    }
  }

  @Test
  void whoLeavesWhileItWaitsForACertificateLeavesNothing() throws Exception {
    CompletableFuture<Void> ordered = new CompletableFuture<>();
    CountDownLatch came = new CountDownLatch(1);
    try (ProxyFixture proxy =
        ProxyFixture.builder()
            .onDemand(
                host -> {
                  came.countDown();
                  return ordered;
                })
            .start(spec -> {})) {
      try (Wire client = proxy.connectBare()) {
        client.send(HELLO);
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
        client.reset();
      }
      await().until(() -> proxy.server().openConnections() == 0);
      ordered.complete(null);

      assertThat(subject(proxy, "a.test")).isEqualTo("CN=any.test");
    }
  }

  @Test
  void whoSpeaksNoTlsIsClosed() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connectBare()) {
      client.get("a.test", "/");

      client.skip(Long.MAX_VALUE);
      await().untilAsserted(() -> assertThat(proxy.server().openConnections()).isZero());
    }
  }

  @Test
  void whatDidNotChangeKeepsItsContextAndItsSessions() throws Exception {
    ServerCertificate a = ProxyFixture.ca().issue("a.test");
    ServerCertificate fallback = ProxyFixture.ca().issue("fallback.test");
    CertificateIndex index = new CertificateIndex();
    index.publish(
        Map.of(pattern("a.test"), a, pattern("b.test"), ProxyFixture.ca().issue("b.test")),
        Optional.of(fallback));
    var before = index.find("a.test");
    index.publish(
        Map.of(pattern("a.test"), a, pattern("b.test"), ProxyFixture.ca().issue("b.test")),
        Optional.of(fallback));

    assertThat(index.find("a.test")).isSameAs(before);
    assertThat(index.find(null)).isSameAs(index.find("nobody.test"));
  }

  @Test
  void aFallbackMayComeLaterAndStays() throws Exception {
    CertificateIndex index = new CertificateIndex();
    index.publish(Map.of(pattern("a.test"), ProxyFixture.ca().issue("a.test")), Optional.empty());
    assertThat(index.find("a.test")).isNotNull();
    assertThat(index.find("nobody.test")).isNull();

    index.publish(Map.of(), Optional.of(ProxyFixture.ca().issue("fallback.test")));
    var fallback = index.find("nobody.test");
    index.publish(Map.of(), Optional.empty());

    assertThat(fallback).isNotNull();
    assertThat(index.find("nobody.test")).isSameAs(fallback);
  }

  private static HostPattern pattern(String text) {
    return HostPattern.parse(text).orElseThrow();
  }

  private static String subjectOf(ProxyFixture proxy, String host) {
    try {
      return subject(proxy, host);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String subject(ProxyFixture proxy, String host) throws IOException {
    try (SSLSocket socket = proxy.tlsSocket(host, "h2", "http/1.1")) {
      return peer(socket).getSubjectX500Principal().toString();
    }
  }

  private static X509Certificate peer(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }
}
