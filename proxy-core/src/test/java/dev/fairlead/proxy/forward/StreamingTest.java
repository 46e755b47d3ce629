package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one side says arrives while it has more to say: nothing waits for the end of a body. */
class StreamingTest {

  private static final int EVENTS = 5;

  enum Client {
    HTTP_1_0,
    HTTP_1_1,
    TLS;

    Wire connect(ProxyFixture proxy) throws IOException {
      return this == TLS ? proxy.connectTls("a.test") : proxy.connect();
    }

    String version() {
      return this == HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
    }
  }

  /** Server-sent events, the next one when the one before has arrived. */
  private static Origin events(Semaphore arrived, boolean chunked) {
    return Origin.scripted(
        connection -> {
          connection.read();
          connection.send(
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n"));
          for (int i = 0; i < EVENTS; i++) {
            arrived.acquire();
            String event = "data: " + i + "\n\n";
            connection.send(chunked ? "9\r\n" + event + "\r\n" : event);
          }
          arrived.acquire();
          connection.send(chunked ? "0\r\n\r\n" : "");
        });
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void eachEventArrivesWhileTheAnswerIsOpen(Client kind) throws Exception {
    for (boolean chunked : new boolean[] {true, false}) {
      Semaphore arrived = new Semaphore(0);
      try (Origin app = events(arrived, chunked);
          ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
          Wire client = kind.connect(proxy)) {
        client.head("GET / " + kind.version(), "Host: a.test", "Accept: text/event-stream");
        // The head comes before there is any event.
        assertThat(client.readHead().value("content-type")).isEqualTo("text/event-stream");
        for (int i = 0; i < EVENTS; i++) {
          arrived.release();
          String event = "data: " + i + "\n\n";
          String piece = kind == Client.HTTP_1_0 ? event : "9\r\n" + event + "\r\n";
          assertThat(client.readBytes(piece.length())).asString().isEqualTo(piece);
        }
        arrived.release();
        if (kind == Client.HTTP_1_0) {
          client.awaitClose();
        } else {
          assertThat(client.readBytes(5)).asString().isEqualTo("0\r\n\r\n");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachEventArrivesByHttp2Too(boolean chunked) throws Exception {
    Semaphore arrived = new Semaphore(0);
    try (Origin app = events(arrived, chunked);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");
      assertThat(exchange.head().get("content-type")).hasToString("text/event-stream");
      for (int i = 1; i <= EVENTS; i++) {
        arrived.release();
        int bytes = 9 * i;
        await().until(() -> exchange.received() == bytes);
      }
      arrived.release();

      assertThat(exchange.body()).hasSize(9 * EVENTS).endsWith("data: 4\n\n");
    }
  }

  @Test
  void aLongPollIsAnsweredWhenThereIsSomethingToSay() throws Exception {
    CountDownLatch something = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.target().equals("/poll")) {
                    something.await();
                  }
                  Origin.ok(connection, request.target());
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire http1 = proxy.connect();
        Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
      http1.get("a.test", "/poll");
      Http2Wire.Exchange poll = http2.get("/poll");

      assertThat(http1.isSilent(Duration.ofMillis(500))).isTrue();
      assertThat(http2.get("/other").body()).isEqualTo("/other");
      something.countDown();

      assertThat(http1.read().body()).isEqualTo("/poll");
      assertThat(poll.body()).isEqualTo("/poll");
      // Both connections go on.
      assertThat(http1.get("a.test", "/next").read().body()).isEqualTo("/next");
      assertThat(http2.get("/next").body()).isEqualTo("/next");
    }
  }

  /** Reads four bytes of a body, of known length or in chunks of that size. */
  private static String piece(Wire connection, boolean chunked) throws IOException {
    if (chunked) {
      assertThat(connection.readLine()).isEqualTo("4");
    }
    String piece = new String(connection.readBytes(4), StandardCharsets.US_ASCII);
    if (chunked) {
      connection.readLine();
    }
    return piece;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadArrivesPieceByPiece(boolean chunked) throws Exception {
    Semaphore arrived = new Semaphore(0);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  for (int i = 0; i < EVENTS; i++) {
                    assertThat(piece(connection, chunked)).isEqualTo("abc" + i);
                    arrived.release();
                  }
                  if (chunked) {
                    connection.readLine();
                    connection.readLine();
                  }
                  Origin.ok(connection, "all");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head(
          "POST / HTTP/1.1",
          "Host: a.test",
          chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + 4 * EVENTS);
      for (int i = 0; i < EVENTS; i++) {
        client.send(chunked ? "4\r\nabc" + i + "\r\n" : "abc" + i);
        arrived.acquire();
      }

      assertThat(client.send(chunked ? "0\r\n\r\n" : "").read().body()).isEqualTo("all");
    }
  }

  /** The app answers what has come while more is to come. */
  private static Origin echoing() {
    return Origin.scripted(
        connection -> {
          connection.readHead();
          connection.head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
          for (int i = 0; i < EVENTS; i++) {
            connection.send("4\r\n" + piece(connection, true) + "\r\n");
          }
          connection.readLine();
          connection.readLine();
          connection.send("0\r\n\r\n");
        });
  }

  @Test
  void anAnswerGoesOnBesideItsRequest() throws Exception {
    try (Origin app = echoing();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
      Message head = client.readHead();
      assertThat(head.status()).isEqualTo(200);
      for (int i = 0; i < EVENTS; i++) {
        client.send("4\r\nabc" + i + "\r\n");
        assertThat(piece(client, true)).isEqualTo("abc" + i);
      }
      client.send("0\r\n\r\n");

      assertThat(client.readBytes(5)).asString().isEqualTo("0\r\n\r\n");
      assertThat(client.get("unknown.test", "/").read().status()).isEqualTo(404);
    }
  }

  @Test
  void anAnswerGoesOnBesideItsRequestByHttp2Too() throws Exception {
    try (Origin app = echoing();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      assertThat(exchange.status()).isEqualTo(200);
      for (int i = 1; i <= EVENTS; i++) {
        exchange.send("abc" + i, false);
        int bytes = 4 * i;
        await().until(() -> exchange.received() == bytes);
      }
      exchange.endBody();

      assertThat(exchange.body()).isEqualTo("abc1abc2abc3abc4abc5");
    }
  }
}
