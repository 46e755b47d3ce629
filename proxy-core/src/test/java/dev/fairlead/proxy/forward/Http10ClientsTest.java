package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** Clients that speak HTTP/1.0: no chunks, nothing before the answer, and usually one request. */
class Http10ClientsTest {

  @Test
  void theAnswerEndsWithTheConnection() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer = client.head("GET / HTTP/1.0", "Host: a.test").read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
      client.awaitClose();
    }
  }

  @Test
  void whoAsksForItKeepsItsConnection() throws Exception {
    try (Origin app = Origin.named("hello");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        Message answer =
            client.head("GET / HTTP/1.0", "Host: a.test", "Connection: keep-alive").read();
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.value("connection")).isEqualToIgnoringCase("keep-alive");
      }
    }
  }

  @Test
  void aChunkedBodyComesWithoutChunksAndEndsTheConnection() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client.head("GET / HTTP/1.0", "Host: a.test", "Connection: keep-alive").read();

      assertThat(answer.values("transfer-encoding")).isEmpty();
      assertThat(answer.value("connection")).isEqualTo("close");
      assertThat(answer.body()).isEqualTo("abcde");
    }
  }

  @Test
  void anAnswerThatStopsIsSeenAsCut() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.0", "Host: a.test");

      assertThatThrownBy(client::read).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void nothingInformationalIsTold() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </style.css>");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.head("GET / HTTP/1.0", "Host: a.test").read().body()).isEqualTo("done");
    }
  }

  @Test
  void theAppIsAskedByHttp11() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST /x HTTP/1.0", "Host: a.test", "Content-Length: 4").send("body");
      assertThat(client.read().body()).isEqualTo("ok");
      Message request = seen.next();

      assertThat(request.start()).isEqualTo("POST /x HTTP/1.1");
      assertThat(request.value("host")).isEqualTo("a.test");
      assertThat(request.body()).isEqualTo("body");
      assertThat(request.values("connection")).isEmpty();
    }
  }

  /** RFC 9110 §10.1.1: it does not wait, and the app's 100 would be no answer it knows. */
  @Test
  void anExpectationIsIgnored() throws Exception {
    Requests seen = new Requests();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  connection.head("HTTP/1.1 100 Continue");
                  connection.readBytes(4);
                  seen.add(head);
                  Origin.ok(connection, "ok");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client
          .head("PUT / HTTP/1.0", "Host: a.test", "Content-Length: 4", "Expect: 100-continue")
          .send("body");

      assertThat(client.read().body()).isEqualTo("ok");
      assertThat(seen.next().values("expect")).isEmpty();
      client.awaitClose();
    }
  }

  @Test
  void anUpgradeIsNotAskedFor() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.0", "Host: a.test", "Connection: Upgrade", "Upgrade: websocket");

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(seen.next().values("upgrade")).isEmpty();
    }
  }
}
