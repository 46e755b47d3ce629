package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app may answer before it was asked to the end, and the client hears it. */
class EarlyAnswersTest {

  private static final String TOO_LARGE =
      "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large";

  /** Answers when it has read the head, and reads no more. */
  private static Origin refusing(boolean closes, CountDownLatch done) {
    return Origin.scripted(
        connection -> {
          connection.readHead();
          connection.send(TOO_LARGE);
          if (!closes) {
            done.await();
          }
        });
  }

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, "too large");
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100000000");
      client.send("some of it");

      assertThat(client.read().body()).isEqualTo("too large");
      client.send("more of it");
      client.awaitClose();
    }
  }

  /** An app that closes with bytes unread resets its connection, and the proxy is writing to it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAppThatRefusesALargeBodyIsHeardByWhoIsSendingIt(boolean closes) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app = refusing(closes, done);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        try (Wire client = proxy.connect()) {
          client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 1000000000");
          Thread sender = sendingUntilClosed(client);
          Message answer = client.read();

          assertThat(answer.status()).as("answer %d", i).isEqualTo(413);
          assertThat(answer.body()).isEqualTo("too large");
          senders.add(sender);
        }
      }
      for (Thread sender : senders) {
        sender.join();
      }
      done.countDown();
    }
  }

  @Test
  void anAppThatRefusesABodyThatWasSentWholeIsHeard() throws Exception {
    try (Origin app = refusing(true, new CountDownLatch(0));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      for (int i = 0; i < 50; i++) {
        try (Wire client = proxy.connect()) {
          client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 200000");
          client.send(new byte[200_000]);

          assertThat(client.read().status()).as("answer %d", i).isEqualTo(413);
        }
      }
    }
  }

  private static Thread sendingUntilClosed(Wire client) {
    byte[] piece = new byte[100_000];
    return Thread.ofVirtual()
        .start(
            () ->
                assertThatThrownBy(
                    () -> {
                      while (true) {
                        client.send(piece);
                      }
                    }));
  }

  @Test
  void anEarlyAnswerArrivesWholeAndTheRestOfTheBodyIsDeclined() throws Exception {
    String large = "x".repeat(300_000);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, large);
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      exchange.send("some", false);

      assertThat(exchange.body()).hasSize(large.length());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAppThatRefusesALargeBodyIsHeardByHttp2Too(boolean closes) throws Exception {
    String piece = "x".repeat(64 * 1024);
    CountDownLatch done = new CountDownLatch(1);
    try (Origin app = refusing(closes, done);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      for (int i = 0; i < 20; i++) {
        Http2Wire.Exchange exchange = client.post("/");
        for (int sent = 0; sent < 100; sent++) {
          exchange.send(piece, false);
        }

        assertThat(exchange.status()).as("answer %d", i).isEqualTo(413);
        assertThat(exchange.body()).isEqualTo("too large");
      }
      done.countDown();
    }
  }
}
