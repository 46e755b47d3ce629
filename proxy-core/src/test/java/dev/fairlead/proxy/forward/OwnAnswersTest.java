package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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
    LATER,
    LATER_AND_FAILED;

    CompletionStage<Optional<String>> answer(String token) {
      Optional<String> known =
          token.equals("known") ? Optional.of("known.thumbprint") : Optional.empty();
      Executor elsewhere = task -> Thread.ofVirtual().start(task);
      return switch (this) {
        case AT_ONCE -> CompletableFuture.completedFuture(known);
        case LATER -> CompletableFuture.supplyAsync(() -> known, elsewhere);
        case LATER_AND_FAILED ->
            CompletableFuture.supplyAsync(
                () -> {
                  if (known.isEmpty()) {
                    throw new IllegalStateException("storage is away");
                  }
                  return known;
                },
                elsewhere);
      };
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

  @Test
  void aClientThatDoesNotWaitForItsTokenBothersNoApp() throws Exception {
    CompletableFuture<Optional<String>> later = new CompletableFuture<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .httpChallenges(
                    token -> {
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
      later.complete(Optional.empty());

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
