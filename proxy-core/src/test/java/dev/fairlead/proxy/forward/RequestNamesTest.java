package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Where to look for a request: the app, the access log and the client know it by one name. */
class RequestNamesTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  /** Answers with what it was told. */
  private static Origin telling() {
    return Origin.answering(
        (request, connection) ->
            Origin.ok(
                connection,
                String.join(
                    " | ",
                    request.value("x-request-id"),
                    request.value("traceparent"),
                    request.value("tracestate"))));
  }

  private static AccessLog.Entry logged(ProxyFixture proxy) {
    await().untilAsserted(() -> assertThat(proxy.log()).isNotEmpty());
    return proxy.log().getLast();
  }

  @Test
  void theAppTheLogAndTheClientKnowTheSameOne() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message first = client.get("a.test", "/").read();
      String id = first.value("x-request-id");

      assertThat(id).matches("[0-9a-f]{32}");
      assertThat(first.body()).isEqualTo("%s | 00-%s-%s-01 | ", id, id, id.substring(16));
      assertThat(logged(proxy).requestId()).isEqualTo(id);
      assertThat(logged(proxy).traceId()).isEqualTo(id);

      assertThat(client.get("a.test", "/").read().value("x-request-id"))
          .matches("[0-9a-f]{32}")
          .isNotEqualTo(id);
    }
  }

  @Test
  void itIsTheSameByHttp2() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange =
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/",
              "x-request-id",
              "mine",
              "traceparent",
              PARENT,
              "tracestate",
              "a=1");

      String id = String.valueOf(exchange.head().get("x-request-id"));
      assertThat(id).matches("[0-9a-f]{32}");
      assertThat(exchange.body()).isEqualTo("%s | %s | a=1", id, PARENT);
      assertThat(logged(proxy).requestId()).isEqualTo(id);
      assertThat(logged(proxy).traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }
  }

  @Test
  void whatIsTriedAgainKeepsItsName() throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    AtomicBoolean first = new AtomicBoolean(true);
    Origin.Script once =
        connection -> {
          names.add(connection.read().value("x-request-id"));
          Origin.ok(connection, "x");
          if (first.getAndSet(false)) {
            names.add(connection.read().value("x-request-id"));
          }
        };
    try (Origin app = Origin.scripted(once);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
      // The connection that it is sent on at first dies without an answer.
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);

      assertThat(names).hasSize(3);
      assertThat(names.get(1)).isEqualTo(names.get(2)).isNotEqualTo(names.get(0));
    }
  }

  @Test
  void anAppMayNameItItself() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nX-Request-Id: app-1\r\nContent-Length: 0\r\n\r\n"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().values("x-request-id")).containsExactly("app-1");
    }
  }

  @Test
  void anAnswerOfTheProxysOwnSaysIt() throws Exception {
    try (Origin app = telling();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.redirected("a.test", app));
        Wire client = proxy.connect()) {
      Message redirect = client.get("a.test", "/").read();
      assertThat(redirect.status()).isEqualTo(308);
      assertThat(redirect.value("x-request-id")).isEqualTo(logged(proxy).requestId());

      Message page = client.head("GET / HTTP/1.1", "Host: none.test", "Accept: text/html").read();
      assertThat(page.status()).isEqualTo(404);
      assertThat(page.value("x-request-id")).matches("[0-9a-f]{32}");
      assertThat(page.body()).contains(page.value("x-request-id"));

      Message unreadable = client.send("GET / HTTP/1.1\r\n folded\r\n\r\n").read();
      assertThat(unreadable.status()).isEqualTo(400);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(3));
      assertThat(unreadable.value("x-request-id")).isEqualTo(proxy.log().getLast().requestId());
      assertThat(proxy.log().getLast().traceId()).isNull();
    }
  }
}
