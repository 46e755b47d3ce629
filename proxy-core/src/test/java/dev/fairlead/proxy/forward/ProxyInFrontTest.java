package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;

/** A proxy in front of this one, which is trusted, and everybody else, who is not. */
class ProxyInFrontTest {

  private static String[] ofAVisitor(String host) {
    return new String[] {
      "GET /x HTTP/1.1",
      "Host: " + host,
      "X-Forwarded-For: 203.0.113.5",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: shop.example.com",
      "X-Forwarded-Port: 8443"
    };
  }

  /** Answers with what it was told of the visitor. */
  private static Origin telling() {
    return Origin.answering(
        (request, connection) ->
            Origin.ok(
                connection,
                String.join(
                    " | ",
                    request.value("x-forwarded-for"),
                    request.value("x-real-ip"),
                    request.value("x-forwarded-proto"),
                    request.value("x-forwarded-host"),
                    request.value("x-forwarded-port"))));
  }

  @Test
  void aTrustedOneSpeaksForItsVisitors() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .trusting("127.0.0.0/8")
                .start(spec -> spec.redirected("a.test", app));
        Wire front = proxy.connect()) {
      // It has ended the visitor's TLS: a redirect would lead to it again and again.
      Message answer = front.head(ofAVisitor("a.test")).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo("203.0.113.5, 127.0.0.1 | 203.0.113.5 | https | shop.example.com | 8443");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().client()).isEqualTo("203.0.113.5");

      // What one visitor says is not said of the next one on the same connection.
      assertThat(front.get("a.test", "/").read().status()).isEqualTo(308);
    }
  }

  @Test
  void oneThatSpeaksTheStandardIsExtended() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    Origin.ok(
                        connection,
                        request.value("forwarded") + " | " + request.value("x-forwarded-for")));
        ProxyFixture proxy =
            ProxyFixture.builder()
                .trusting("127.0.0.0/8")
                .believing(TrustSettings.Header.FORWARDED)
                .telling(ForwardedSettings.Header.FORWARDED, ForwardedSettings.NewTrace.OFF)
                .start(spec -> spec.redirected("a.test", app));
        Wire front = proxy.connect()) {
      Message answer =
          front
              .head(
                  "GET /x HTTP/1.1",
                  "Host: a.test",
                  "Forwarded: for=1.1.1.1",
                  "Forwarded: for=\"[2001:db8::1]:4711\";proto=https;host=shop.example.com",
                  "X-Forwarded-For: 9.9.9.9")
              .read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo("for=\"[2001:db8::1]\";proto=https;host=shop.example.com, for=127.0.0.1 | ");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().client()).isEqualTo("2001:db8::1");
    }
  }

  @Test
  void theLogNamesTheVisitorOfWhatIsRefusedToo() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.builder().trusting("127.0.0.0/8").start(spec -> {});
        Wire front = proxy.connect()) {
      front.head("GET / HTTP/1.1", "X-Forwarded-For: 203.0.113.5", "X-Request-Id: front-1");

      Message refused = front.read();
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.value("x-request-id")).isEqualTo("front-1");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().client()).isEqualTo("203.0.113.5");
      assertThat(proxy.log().getFirst().requestId()).isEqualTo("front-1");
    }
  }

  @Test
  void aStrangerIsNotBelieved() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .trusting("10.0.0.0/8", "::1")
                .start(spec -> spec.redirected("a.test", app).route("b.test", app));
        Wire stranger = proxy.connect();
        Wire other = proxy.connect()) {
      assertThat(stranger.head(ofAVisitor("a.test")).read().status()).isEqualTo(308);
      assertThat(other.head(ofAVisitor("b.test")).read().body())
          .isEqualTo("127.0.0.1 | 127.0.0.1 | http | b.test | 80");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(2));
      assertThat(proxy.log()).allMatch(entry -> entry.client().equals("127.0.0.1"));
    }
  }
}
