package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of message that HTTP/1.1 has arrives as what it was. */
class Http1MessagesTest {

  @Test
  void theAppSeesTheRequestWithTheProxysFields() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client
          .head(
              "GET /a/%7Eb/../c?q=%20 HTTP/1.1",
              "Host: A.TEST:8080",
              "X-Forwarded-For: 1.2.3.4",
              "X_Forwarded_Proto: https",
              "Connection: keep-alive, X-Hop",
              "X-Hop: 1",
              "X-Own: yes")
          .read();
      Message request = seen.next();

      assertThat(request.start()).isEqualTo("GET /a/c?q=%20 HTTP/1.1");
      String id = request.value("x-request-id");
      assertThat(request.fields())
          .containsExactlyInAnyOrder(
              "X-Own: yes",
              "Host: a.test:8080",
              "X-Forwarded-For: 127.0.0.1",
              "X-Real-IP: 127.0.0.1",
              "X-Forwarded-Proto: http",
              "X-Forwarded-Host: a.test:8080",
              "X-Forwarded-Port: 8080",
              "X-Request-Id: " + id,
              "traceparent: 00-%s-%s-01".formatted(id, id.substring(16)));
    }
  }

  @Test
  void aPrefixIsRemovedWhenTheRouteSaysSo() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", "/api", true, app.endpoint()));
        Wire client = proxy.connect()) {
      client.get("a.test", "/api/v1?x=/api").read();
      assertThat(seen.next().target()).isEqualTo("/v1?x=/api");

      client.get("a.test", "/api").read();
      assertThat(seen.next().target()).isEqualTo("/");

      assertThat(client.get("a.test", "/apis").read().status()).isEqualTo(404);
    }
  }

  @Test
  void aResponseToHeadHasTheLengthAndNoBody() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.head("HTTP/1.1 200 OK", "Content-Length: 12345"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.head("HEAD / HTTP/1.1", "Host: a.test").readWithoutBody();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.value("content-length")).isEqualTo("12345");
        assertThat(answer.values("transfer-encoding")).isEmpty();
      }
    }
  }

  @Test
  void anAnswerOfTheProxyToHeadHasNoBodyEither() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.head("HEAD / HTTP/1.1", "Host: a.test").readWithoutBody();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.value("content-length")).isNotEqualTo("0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void aStatusThatHasNoBodyEndsWithItsHead(String status) throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> connection.head("HTTP/1.1 " + status, "ETag: \"x\""));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.start()).isEqualTo("HTTP/1.1 " + status);
        assertThat(answer.value("etag")).isEqualTo("\"x\"");
        assertThat(answer.values("transfer-encoding")).isEmpty();
      }
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void aBodyThatEndsWithTheConnectionBecomesAChunkedOne() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.body()).isEqualTo("until the end");
        assertThat(answer.value("transfer-encoding")).isEqualTo("chunked");
      }
    }
  }
}
