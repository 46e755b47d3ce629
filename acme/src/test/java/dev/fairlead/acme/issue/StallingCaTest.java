package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.budget.Occasion;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.BudgetStorage;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CAs that do not behave. */
class StallingCaTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");

  private static final String NO_DIRECTORY =
      " (expected: acme.directory is the address of an ACME directory)";

  @TempDir Path directory;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private @Nullable HttpServer server;
  private InstantSource clock = InstantSource.system();

  @AfterEach
  void stop() {
    ended.countDown();
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() throws Exception {
    assertThatThrownBy(
            () ->
                order(
                    exchange -> {
                      exchange.getResponseHeaders().add("Content-Type", "application/json");
                      exchange.sendResponseHeaders(200, 1_000);
                      exchange.getResponseBody().write('{');
                      exchange.getResponseBody().flush();
                      awaitEnd();
                    }))
        .isInstanceOf(IssueException.class)
        .hasMessage("the CA did not finish within 2 s");
  }

  @Test
  void anAnswerOfAnyLengthIsNotReadToItsEnd() throws Exception {
    assertThatThrownBy(() -> order(this::sendWithoutEnd))
        .isInstanceOf(IssueException.class)
        .hasMessageStartingWith("the CA at http://127.0.0.1")
        .hasMessageEndingWith("its answer is longer than 1 MiB");
    assertThatThrownBy(
            () ->
                order(
                    exchange -> {
                      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                      answer(exchange, 200, "application/json", "{}");
                    }))
        .isInstanceOf(IssueException.class)
        .hasMessageContaining("its answer is encoded in a way that was not asked for");
  }

  private void sendWithoutEnd(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    byte[] piece = "x".repeat(16 * 1024).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseBody().write("{\"text\": \"".getBytes(StandardCharsets.UTF_8));
    while (ended.getCount() > 0) {
      exchange.getResponseBody().write(piece); // fails when nobody reads it any more
    }
  }

  @Test
  void anErrorInTheMiddleOfAnOrderIsAFailureWithAPause() throws Exception {
    clock =
        () -> {
          throw new StackOverflowError("as of an answer that is too deep");
        };
    assertThatThrownBy(() -> order(URI.create("http://127.0.0.1:1/"), Optional.empty()))
        .isInstanceOf(IssueException.class)
        .hasMessage("an order ended with an error of this process, StackOverflowError");
  }

  @Test
  void aPageInsteadOfADirectoryIsNamed() throws Exception {
    assertThatThrownBy(() -> order(exchange -> answer(exchange, 200, "text/html", "<h1>Hi</h1>")))
        .isInstanceOf(IssueException.class)
        .hasMessageStartingWith("the CA's answer was not understood: ")
        .hasMessageContaining("text/html")
        .hasMessageEndingWith(NO_DIRECTORY);
    assertThatThrownBy(() -> order(exchange -> answer(exchange, 404, "text/html", "none here")))
        .isInstanceOf(IssueException.class)
        .hasMessage("the CA's answer was an error, 404: HTTP 404" + NO_DIRECTORY);
  }

  @Test
  void anErrorOfTheCasOwnIsNamed() throws Exception {
    assertThatThrownBy(() -> order(exchange -> answer(exchange, 503, "text/html", "down")))
        .isInstanceOf(IssueException.class)
        .hasMessageContaining("503");
  }

  @Test
  void aBusyCaIsLeftAloneAsLongAsItAsksFor() throws Exception {
    Instant soonest = Instant.now().plusSeconds(1_700);
    assertThatThrownBy(
            () ->
                order(
                    exchange -> {
                      asked.incrementAndGet();
                      exchange.getResponseHeaders().add("Retry-After", "1800");
                      answer(exchange, 503, "text/html", "down");
                    }))
        .isInstanceOfSatisfying(
            IssueException.class,
            e -> {
              assertThat(e)
                  .hasMessage(
                      "the CA's answer was an error, 503: HTTP 503 (expected: nothing to change, it"
                          + " passes)");
              assertThat(e.sequel()).isEqualTo(IssueException.Sequel.WAIT);
              assertThat(e.notBefore().orElseThrow()).isAfter(soonest);
            });
    int before = asked.get();
    // Another instance, and another name.
    assertThatThrownBy(() -> order(exchange -> asked.incrementAndGet()))
        .isInstanceOf(IssueException.class)
        .hasMessageStartingWith("the CA asked to be left alone until ");
    assertThat(asked).hasValue(before);
  }

  @Test
  void aRateLimitSaysWhenToComeAgain() throws Exception {
    Instant soonest = Instant.now().plusSeconds(3_000);
    assertThatThrownBy(
            () ->
                order(
                    exchange -> {
                      exchange.getResponseHeaders().add("Retry-After", "3600");
                      answer(
                          exchange,
                          429,
                          "application/problem+json",
                          """
                          {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too\\nmany"}
                          """);
                    }))
        .isInstanceOfSatisfying(
            IssueException.class,
            e -> {
              assertThat(e).hasMessage("the CA's rate limit is reached: too many");
              assertThat(e.sequel()).isEqualTo(IssueException.Sequel.WAIT);
              assertThat(e.notBefore().orElseThrow()).isAfter(soonest);
            });
  }

  @Test
  void aRootFileThatIsMissingIsNamed() throws Exception {
    Path missing = directory.resolve("root.pem");
    assertThatThrownBy(() -> order(URI.create("https://127.0.0.1:1/"), Optional.of(missing)))
        .isInstanceOf(IssueException.class)
        .hasMessage("acme.ca-root: %s does not exist (expected: a PEM file)".formatted(missing));
    Files.writeString(missing, "no pem");
    assertThatThrownBy(() -> order(URI.create("https://127.0.0.1:1/"), Optional.of(missing)))
        .isInstanceOf(IssueException.class)
        .hasMessageStartingWith("acme.ca-root: %s cannot be read".formatted(missing));
  }

  private void order(HttpHandler handler) throws Exception {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server = started;
    started.createContext("/", handler);
    started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    started.start();
    order(
        URI.create("http://127.0.0.1:%d/".formatted(started.getAddress().getPort())),
        Optional.empty());
  }

  private void order(URI ca, Optional<Path> root) throws Exception {
    AcmeSettings settings =
        new AcmeSettings(ca, Optional.empty(), root, AcmeSettings.Challenge.HTTP_01);
    try (Storage storage =
        new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT)) {
      Locks locks = new Locks(storage, Clock.systemUTC());
      // The same share for every CA: only the address of the server differs.
      URI one = URI.create("https://ca.example.org/directory");
      Issuer issuer =
          new Issuer(
              settings,
              new AccountStorage(storage, one),
              new Budget(settings, new BudgetStorage(storage, one), locks, clock),
              locks,
              new ChallengeBoard(new ChallengeStorage(storage)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Clock.systemUTC(),
              Duration.ofSeconds(2));
      try (issuer) {
        issuer.issue(
            new OrderRequest(HOST, Occasion.FIRST),
            Journal.open(new NameStateStorage(storage, one), HOST));
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitEnd() throws IOException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
