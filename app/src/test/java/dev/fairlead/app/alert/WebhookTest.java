package dev.fairlead.app.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.config.bootstrap.WebhookSettings;
import dev.fairlead.config.bootstrap.WebhookSettings.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers get, and what becomes of what they answer. */
class WebhookTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PATH = "/services/T0123456/s3cretpath";
  private static final AlertMessage PROBLEM =
      AlertMessageTest.message(
          List.of(
              Certificates.issued("shop.example.com", BEGIN),
              Certificates.issued("*.example.com", BEGIN)));
  private static final AlertMessage SOLVED =
      AlertMessage.of(List.of(), List.of("shop.example.com"), "box", BEGIN);
  private static final Tries QUICK =
      new Tries(List.of(Duration.ofMillis(1), Duration.ofMillis(1)), Duration.ofSeconds(20));

  /** What a client sent. */
  private record Received(String method, String path, Headers headers, String body) {

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(body);
    }
  }

  @TempDir private Path directory = Path.of("");
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable HttpServer server;

  /** Answers requests in turn with these statuses, and all further ones with the last. */
  private void serve(String body, int... statuses) throws IOException {
    start(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
        body,
        statuses);
  }

  private void start(HttpServer next, String body, int... statuses) {
    server = next;
    next.createContext(
        "/",
        exchange -> {
          received.add(
              new Received(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders(),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          answer(exchange, statuses[Math.min(received.size(), statuses.length) - 1], body);
        });
    next.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/elsewhere");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() {
    over.countDown();
    if (server != null) {
      server.stop(0);
    }
  }

  private Webhook webhook(Format format) {
    return webhook(format, "http", Optional.empty(), QUICK);
  }

  private Webhook webhook(Format format, String scheme, Optional<Path> caFile, Tries tries) {
    int port = Objects.requireNonNull(server).getAddress().getPort();
    URI url = URI.create("%s://localhost:%d%s".formatted(scheme, port, PATH));
    return new Webhook(new WebhookSettings(url, format, Optional.of("s3crettoken")), caFile, tries);
  }

  @Test
  void programsGetAllThatIsKnown() throws Exception {
    serve("ok", 200);
    assertThat(webhook(Format.JSON).send(PROBLEM)).isEqualTo("HTTP 200 ok");
    Received request = received.getFirst();
    assertThat(request.method() + " " + request.path()).isEqualTo("POST " + PATH);
    assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer s3crettoken");
    JsonNode json = request.json();
    assertThat(json.path("source").asText()).isEqualTo("fairlead");
    assertThat(json.path("from").asText()).isEqualTo("box");
    assertThat(json.path("subject").asText()).isEqualTo("problem");
    assertThat(json.path("title").asText()).isEqualTo("2 certificates need attention");
    assertThat(json.path("open")).hasSize(2);
    assertThat(json.path("moreOpen").asInt(-1)).isZero();
    assertThat(json.path("solved")).isEmpty();
    assertThat(json.path("open").get(0))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"name": "shop.example.com", "kind": "overdue", "since": "2026-03-02T00:00:00Z",
                     "expires": "2026-04-01T00:00:00Z",
                     "error": "the CA says: no answer on port 80",
                     "expected": "the name's DNS leads here, and the router forwards ports 80 and 443",
                     "nextAttempt": "2026-03-04T00:00:00Z"}
                    """));
  }

  @Test
  void programsAreToldTheEnd() throws Exception {
    serve("", 204);
    webhook(Format.JSON).send(SOLVED);
    JsonNode json = received.getFirst().json();
    assertThat(json.path("subject").asText()).isEqualTo("solved");
    assertThat(json.path("open")).isEmpty();
    assertThat(json.path("solved").get(0).asText()).isEqualTo("shop.example.com");
  }

  @Test
  void ntfyGetsTheTextAndItsUrgency() throws Exception {
    serve("{}", 200);
    webhook(Format.NTFY).send(PROBLEM);
    webhook(Format.NTFY).send(SOLVED);
    Received problem = received.getFirst();
    assertThat(problem.headers().getFirst("Title")).isEqualTo("2 certificates need attention");
    assertThat(problem.headers().getFirst("Priority")).isEqualTo("high");
    assertThat(problem.headers().getFirst("Tags")).isEqualTo("warning");
    assertThat(problem.body()).isEqualTo(PROBLEM.text());
    Received solved = received.getLast();
    assertThat(solved.headers().getFirst("Priority")).isEqualTo("default");
    assertThat(solved.headers().getFirst("Tags")).isEqualTo("white_check_mark");
  }

  @Test
  void slackGetsTextInWhichNothingIsMarkup() throws Exception {
    serve("ok", 200);
    webhook(Format.SLACK).send(evil());
    JsonNode json = received.getFirst().json();
    assertThat(json.path("text").asText())
        .startsWith("⚠️ evil.example.com: its renewal is overdue\n")
        .contains("&lt;!channel&gt; &amp; @everyone **x**")
        .doesNotContain("<");
    assertThat(json.path("mrkdwn").asBoolean(true)).isFalse();
  }

  @Test
  void discordGetsTextThatCallsNobody() throws Exception {
    serve("", 204);
    assertThat(webhook(Format.DISCORD).send(evil())).isEqualTo("HTTP 204");
    JsonNode json = received.getFirst().json();
    assertThat(json.path("content").asText())
        .startsWith("⚠️ **evil.example.com: its renewal is overdue**\n")
        .contains("\\<!channel\\> & @everyone \\*\\*x\\*\\*");
    assertThat(json.path("allowed_mentions").toString()).isEqualTo("{\"parse\":[]}");
  }

  @Test
  void noServerGetsMoreThanItTakes() throws Exception {
    List<CertificateStatus> names =
        IntStream.range(0, 40)
            .mapToObj(
                i -> Certificates.issued("x".repeat(60) + "." + "y".repeat(60) + i + ".com", BEGIN))
            .toList();
    AlertMessage large = AlertMessageTest.message(names);
    serve("", 204);
    webhook(Format.DISCORD).send(large);
    webhook(Format.NTFY).send(large);
    String content = received.getFirst().json().path("content").asText();
    assertThat(content).hasSizeLessThanOrEqualTo(2000).containsPattern("And 3\\d more\\.");
    String body = received.getLast().body();
    assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(body).containsPattern("And [23]\\d more\\.");
  }

  @Test
  void aServerInTroubleIsTriedThreeTimes() throws Exception {
    serve("busy", 503, 429, 200);
    assertThat(webhook(Format.JSON).send(PROBLEM)).isEqualTo("HTTP 200 busy");
    assertThat(received).hasSize(3);
  }

  @Test
  void afterThreeTriesItIsOver() throws Exception {
    serve("busy", 503);
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON).send(PROBLEM))
        .withMessage("HTTP 503 busy");
    assertThat(received).hasSize(3);
  }

  @Test
  void whatIsRefusedIsNotTriedAgainAndItsReasonHasNoSecrets() throws Exception {
    serve("no " + PATH + " for\r\n s3crettoken, T0123456", 404);
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON).send(PROBLEM))
        .withMessage("HTTP 404 no *** for ***, ***");
    assertThat(received).hasSize(1);
    assertThat(webhook(Format.JSON).name()).isEqualTo("webhook at localhost");
  }

  @Test
  void noRedirectIsFollowedWithTheToken() throws Exception {
    serve("", 307);
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON).send(PROBLEM))
        .withMessage("HTTP 307");
  }

  @Test
  void anEndlessAnswerIsReadAsFarAsPeopleWouldRead() throws Exception {
    serve("x".repeat(1 << 20), 200);
    assertThat(webhook(Format.JSON).send(PROBLEM)).startsWith("HTTP 200 xxx").hasSize(300);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() throws Exception {
    HttpServer silent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server = silent;
    silent.setExecutor(Thread::startVirtualThread);
    silent.createContext(
        "/",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    silent.start();
    Tries impatient = new Tries(List.of(), Duration.ofSeconds(1));
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON, "http", Optional.empty(), impatient).send(PROBLEM))
        .withMessage("no answer within 1 s");
  }

  @Test
  void aHeadThatNeverEndsIsNotKept() throws Exception {
    try (EndlessServer endless = new EndlessServer("HTTP/1.1 200 OK\r\n", "X-More: more\r\n")) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> webhook(endless, Duration.ofSeconds(20)).send(PROBLEM))
          .withMessageStartingWith("cannot be reached: ");
      endless.awaitEndOfClient();
    }
  }

  @Test
  void aServerThatIsAlwaysAboutToAnswerIsLeft() throws Exception {
    try (EndlessServer endless = new EndlessServer("", "HTTP/1.1 102 Processing\r\n\r\n")) {
      assertThatExceptionOfType(ChannelException.class)
          .isThrownBy(() -> webhook(endless, Duration.ofSeconds(1)).send(PROBLEM));
      endless.awaitEndOfClient();
    }
  }

  private static Webhook webhook(EndlessServer endless, Duration limit) {
    URI url = URI.create("http://localhost:%d/".formatted(endless.port()));
    return new Webhook(
        new WebhookSettings(url, Format.JSON, Optional.empty()),
        Optional.empty(),
        new Tries(List.of(), limit));
  }

  @Test
  void whereNobodyListensThatIsSaid() throws Exception {
    WebhookSettings nobody =
        new WebhookSettings(URI.create("http://127.0.0.1:1/"), Format.JSON, Optional.empty());
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> new Webhook(nobody, Optional.empty(), QUICK).send(PROBLEM))
        .withMessageStartingWith("cannot be reached");
  }

  @Test
  void certificatesAreVerifiedAndAnOwnCaIsBelievedWhenItIsNamed() throws Exception {
    OwnCa ca = new OwnCa();
    https(ca, "localhost");
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON, "https", Optional.empty(), Tries.ONCE).send(PROBLEM))
        .withMessageContaining("certification path");
    Optional<Path> file = Optional.of(ca.file(directory));
    assertThat(webhook(Format.JSON, "https", file, Tries.ONCE).send(PROBLEM))
        .isEqualTo("HTTP 200 ok");
    assertThat(received).hasSize(1);
  }

  @Test
  void aCertificateOfAnotherNameIsNone() throws Exception {
    OwnCa ca = new OwnCa();
    https(ca, "other.example.com");
    Optional<Path> file = Optional.of(ca.file(directory));
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON, "https", file, Tries.ONCE).send(PROBLEM))
        .withMessageContaining("localhost");
    assertThat(received).isEmpty();
  }

  @Test
  void aFileThatIsNoCaIsNamed() throws Exception {
    serve("", 200);
    Optional<Path> missing = Optional.of(directory.resolve("missing.pem"));
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> webhook(Format.JSON, "http", missing, Tries.ONCE).send(PROBLEM))
        .withMessageContaining("alerts.ca-root: ")
        .withMessageContaining("missing.pem");
  }

  private void https(OwnCa ca, String name) throws Exception {
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(ca.server(name)));
    start(https, "ok", 200);
  }

  private static AlertMessage evil() {
    NameAlert alert =
        new NameAlert(
            "evil.example.com",
            Trouble.Kind.OVERDUE,
            BEGIN,
            Optional.empty(),
            "<!channel> & @everyone **x**",
            "nothing",
            Optional.empty(),
            BEGIN);
    return AlertMessage.of(List.of(alert), List.of(), "box", BEGIN);
  }
}
