package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are used again on both sides, and end when one side says so. */
class Http1KeepAliveTest {

  @Test
  void manyRequestsOfOneClientUseOneConnectionToTheApp() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        Message answer = client.get("a.test", "/" + i).read();
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.values("connection")).isEmpty();
      }

      assertThat(app.requests()).isEqualTo(20);
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void theConnectionOfAClientThatSaysCloseIsClosedAfterTheAnswer() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.head("GET / HTTP/1.1", "Host: a.test", "Connection: close").read();

      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.values("connection")).containsExactly("close");
      client.awaitClose();
    }
  }

  @Test
  void theAppsConnectionIsKeptWhenTheClientSaysClose() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      for (int i = 0; i < 8; i++) {
        try (Wire client = proxy.connect()) {
          client.head("GET / HTTP/1.1", "Host: a.test", "Connection: close").read();
        }
      }

      // One for each event loop at most.
      assertThat(app.connections()).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void anAppThatClosesIsConnectedToAgain() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 0");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 3; i++) {
        Message answer = client.get("a.test", "/").read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.values("connection")).isEmpty();
      }

      assertThat(app.connections()).isEqualTo(3);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (Origin app =
            Origin.answering((request, connection) -> Origin.ok(connection, request.target()));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a.test\r\n\r\n");
      }
      client.send(all.toString());

      for (int i = 0; i < 300; i++) {
        assertThat(client.read().body()).isEqualTo("/" + i);
      }
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void pipelinedRequestsWithBodiesAndHeadsAreAnsweredInTheirOrder() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.method().equals("HEAD")) {
                    connection.head("HTTP/1.1 200 OK", "Content-Length: 1000");
                  } else {
                    connection.head("HTTP/1.1 103 Early Hints", "Link: </a>");
                    Origin.ok(connection, request.target() + request.body());
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "POST /1 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc"
              + "HEAD /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
              + "POST /3 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "2\r\nxy\r\n0\r\n\r\n"
              + "GET /4 HTTP/1.1\r\nHost: a.test\r\n\r\n");

      assertThat(client.read().status()).isEqualTo(103);
      assertThat(client.read().body()).isEqualTo("/1abc");
      assertThat(client.readWithoutBody().value("content-length")).isEqualTo("1000");
      assertThat(client.read().status()).isEqualTo(103);
      assertThat(client.read().body()).isEqualTo("/3xy");
      assertThat(client.read().status()).isEqualTo(103);
      assertThat(client.read().body()).isEqualTo("/4");
    }
  }

  @Test
  void aPacketFullOfRequestsThatTheProxyAnswersItselfCostsNoStack() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Wire client = proxy.connect()) {
      int count = 3000;
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(count));

      for (int i = 0; i < count; i++) {
        assertThat(client.read().status()).isEqualTo(404);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection: close", "Content-Length: 5, 5"})
  void whatComesBehindTheLastRequestIsNeverForwarded(String field) throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "GET /1 HTTP/1.1\r\nHost: a.test\r\n"
              + field
              + "\r\n\r\n"
              + "GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n");
      client.read();
      client.awaitClose();

      assertThat(app.requests()).isLessThanOrEqualTo(1);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
    }
  }
}
