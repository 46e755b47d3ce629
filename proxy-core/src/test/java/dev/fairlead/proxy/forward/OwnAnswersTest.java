package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy answers itself: unknown hosts, redirects, challenges. */
class OwnAnswersTest {

  private static final String CHALLENGE = "/.well-known/acme-challenge/";

  /** How the answer of {@link HttpChallenges} comes. */
  enum Coming {
    AT_ONCE,
    LATER;

    CompletionStage<HttpChallenges.Answer> answer(String host, String token) {
      HttpChallenges.Answer answer =
          token.equals("known")
              ? new HttpChallenges.Known("known.thumbprint")
              : new HttpChallenges.None();
      return this == AT_ONCE
          ? CompletableFuture.completedFuture(answer)
          : CompletableFuture.supplyAsync(() -> answer, task -> Thread.ofVirtual().start(task));
    }
  }

  /** How it comes that nothing is known of a token. */
  enum Silence {
    UNKNOWN,
    FAILED;

    CompletionStage<HttpChallenges.Answer> answer(String host, String token) {
      return this == UNKNOWN
          ? CompletableFuture.completedFuture(new HttpChallenges.Unknown())
          : CompletableFuture.failedFuture(new IllegalStateException("storage is away"));
    }
  }

  @Test
  void anUnknownHostIsNotFound() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      Message answer = client.get("nobody.test", "/").read();

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.value("cache-control")).isEqualTo("no-store");
      assertThat(answer.values("server")).isEmpty();
    }
  }

  @Test
  void plainHttpIsRedirectedToTheSameAddressByHttps() throws Exception {
    try (Origin app = Origin.named("never");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.redirected("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.get("A.test:8080", "/x/%7e?y=%20&z").read();

      assertThat(answer.status()).isEqualTo(308);
      assertThat(answer.value("location")).isEqualTo("https://a.test/x/~?y=%20&z");
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(308);
      assertThat(app.connections()).isZero();
    }
  }

  @Test
  void aRedirectNamesThePortThatVisitorsReach() throws Exception {
    try (Origin app = Origin.named("never");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .publicHttpsPort(8443)
                .start(spec -> spec.redirected("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().value("location"))
          .isEqualTo("https://a.test:8443/");
    }
  }

  @Test
  void aRequestWithABodyIsRedirectedAndTheConnectionClosed() throws Exception {
    try (Origin app = Origin.named("never");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.redirected("a.test", app));
        Wire client = proxy.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\nbegin");
      Message answer = client.read();

      assertThat(answer.status()).isEqualTo(308);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitClose();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerIsNotLostToABodyThatNobodyReads(boolean tls) throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {})) {
      for (int i = 0; i < 10; i++) {
        try (Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
          client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 10000000");
          client.send(new byte[500_000]);
          Message answer = client.read();

          assertThat(answer.status()).isEqualTo(404);
          assertThat(answer.value("connection")).isEqualTo("close");
          client.awaitClose();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKnownTokenIsAnsweredBeforeTheRedirect(Coming coming) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .httpChallenges(coming::answer)
                .start(spec -> spec.redirected("a.test", app).plainOnly("b.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", CHALLENGE + "known").read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("known.thumbprint");

      assertThat(client.get("nobody.test", CHALLENGE + "known").read().status()).isEqualTo(200);
      assertThat(client.get("a.test", CHALLENGE + "other").read().status()).isEqualTo(308);
      assertThat(client.get("b.test", CHALLENGE + "other").read().body()).isEqualTo("app");
      assertThat(client.get("nobody.test", CHALLENGE + "other").read().status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenThatCouldNotBeLookedUpIsNotLeftToTheApp(Silence silence) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .httpChallenges(silence::answer)
                .start(spec -> spec.redirected("a.test", app).route("b.test", app));
        Wire client = proxy.connect()) {
      for (String host : List.of("a.test", "b.test", "nobody.test")) {
        Message answer = client.get(host, CHALLENGE + "other").read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.value("retry-after")).isEqualTo("5");
        assertThat(answer.value("cache-control")).isEqualTo("no-store");
        assertThat(answer.body())
            .isEqualTo("The answer to this challenge could not be looked up.\n");
      }
      assertThat(app.requests()).isZero();
      assertThat(client.get("b.test", "/").read().body()).isEqualTo("app");
      assertThat(client.get("b.test", "/.well-known/other").read().body()).isEqualTo("app");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereNoTokenCanBeOursItIsLeftToTheApp(Silence silence) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .httpChallenges(silence::answer)
                .start(
                    spec ->
                        spec.plainOnly("off.test", app)
                            .route("*.wild.test", app)
                            .plainOnly("mixed.test", app)
                            .route("mixed.test", "/api", false, app.endpoint()));
        Wire client = proxy.connect()) {
      assertThat(client.get("off.test", CHALLENGE + "other").read().body()).isEqualTo("app");
      assertThat(client.get("x.wild.test", CHALLENGE + "other").read().body()).isEqualTo("app");
      assertThat(client.get("mixed.test", CHALLENGE + "other").read().status()).isEqualTo(503);
    }
  }

  @Test
  void aClientThatDoesNotWaitForItsTokenBothersNoApp() throws Exception {
    CompletableFuture<HttpChallenges.Answer> later = new CompletableFuture<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .httpChallenges(
                    (host, token) -> {
                      asked.complete(null);
                      return later;
                    })
                .start(spec -> spec.plainOnly("b.test", app))) {
      try (Wire client = proxy.connect()) {
        client.get("b.test", CHALLENGE + "other");
        asked.get();
        client.reset();
      }
      await().until(() -> proxy.server().openConnections() == 0);
      later.complete(new HttpChallenges.None());

      await().until(() -> proxy.log().size() == 1);
      assertThat(app.requests()).isZero();
      assertThat(proxy.log().getFirst().status()).isZero();
    }
  }

  @Test
  void aServiceWithoutTlsIsNotThereByTls() throws Exception {
    try (Origin app = Origin.named("plain");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.plainOnly("a.test", app));
        Wire plain = proxy.connect();
        Wire tls = proxy.connectTls("a.test")) {
      assertThat(plain.get("a.test", "/").read().body()).isEqualTo("plain");
      assertThat(tls.get("a.test", "/").read().status()).isEqualTo(404);
    }
  }

  @Test
  void aConnectionMadeForAnotherHostIsMisdirected() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", app).route("b.test", app));
        Wire client = proxy.connectTls("a.test")) {
      assertThat(client.get("b.test", "/").read().status()).isEqualTo(421);
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("app");
    }
  }
}
