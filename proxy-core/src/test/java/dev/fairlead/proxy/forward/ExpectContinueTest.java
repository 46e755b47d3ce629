package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Expect: 100-continue} is between the client and the app (RFC 9110 §10.1.1). */
class ExpectContinueTest {

  @Test
  void aClientThatExpects100WaitsForTheAppsWord() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  goOn.await();
                  connection.head("HTTP/1.1 100 Continue");
                  byte[] body =
                      connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, head.value("expect") + body.length);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue");
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();
      goOn.countDown();

      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send("body").read().body()).isEqualTo("100-continue4");
    }
  }

  /** It need not wait for long, nor at all (RFC 9110 §10.1.1). */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatDoesNotWaitIsServedToo(boolean appSays100) throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  if (appSays100) {
                    connection.head("HTTP/1.1 100 Continue");
                  }
                  Origin.ok(connection, Integer.toString(connection.readBytes(4).length));
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client
          .head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue")
          .send("body");

      Message answer = client.read();
      if (appSays100) {
        assertThat(answer.status()).isEqualTo(100);
        answer = client.read();
      }
      assertThat(answer.body()).isEqualTo("4");
    }
  }

  /**
   * The client has a body that it will not send: the connection has no place for a next request.
   */
  @ParameterizedTest
  @ValueSource(strings = {"417 Expectation Failed", "401 Unauthorized", "413 Content Too Large"})
  void anAppThatRefusesBeforeTheBodyIsHeard(String status) throws Exception {
    try (Origin app = refusing(status);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client
              .head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue")
              .read();

      assertThat(answer.start()).isEqualTo("HTTP/1.1 " + status);
      client.awaitClose();
      await().untilAsserted(() -> assertThat(app.openConnections()).isZero());
      assertThat(proxy.log().getFirst().status()).isEqualTo(answer.status());
    }
  }

  @Test
  void byHttp2AClientWaitsForTheAppsWord() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  goOn.await();
                  connection.head("HTTP/1.1 100 Continue");
                  byte[] body =
                      connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, head.value("expect") + body.length);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange =
          client.ask("PUT", "/", false, "expect", "100-continue", "content-length", "4");
      goOn.countDown();
      await().until(() -> !exchange.informational().isEmpty());
      assertThat(exchange.informational().getFirst().status()).hasToString("100");
      exchange.send("body", true);

      assertThat(exchange.body()).isEqualTo("100-continue4");
    }
  }

  @Test
  void byHttp2ARefusalEndsOneStream() throws Exception {
    try (Origin app = refusing("401 Unauthorized");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      for (int i = 0; i < 2; i++) {
        Http2Wire.Exchange exchange =
            client.ask("PUT", "/", false, "expect", "100-continue", "content-length", "4");

        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.body()).isEmpty();
      }
      assertThat(client.isOpen()).isTrue();
    }
  }

  private static Origin refusing(String status) {
    return Origin.scripted(
        connection -> {
          connection.readHead();
          connection.head("HTTP/1.1 " + status, "Content-Length: 0");
          connection.awaitClose();
        });
  }
}
