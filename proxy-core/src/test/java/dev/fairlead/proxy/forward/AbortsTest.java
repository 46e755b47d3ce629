package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who leaves before the end takes the other side along, and nobody takes half for a whole. */
class AbortsTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatLeavesWhileItWaitsEndsTheAppsWork(boolean byReset) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  asked.countDown();
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      Wire client = proxy.connect();
      client.get("a.test", "/");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      leave(client, byReset);

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().status()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatLeavesInItsBodyEndsTheAppsWork(boolean byReset) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.readBytes(4);
                  asked.countDown();
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      Wire client = proxy.connect();
      client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      leave(client, byReset);

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatLeavesInTheAnswerEndsTheAppsWork() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  sendForEver(connection);
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      Wire client = proxy.connect();
      client.get("a.test", "/").readHead();
      client.skip(100_000);
      client.close();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aChunkedAnswerThatStopsIsSeenAsCut() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");

      assertThatThrownBy(client::read).isInstanceOfAny(EOFException.class, SocketException.class);
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
      assertThat(proxy.log().getFirst().status()).isEqualTo(200);
      assertThat(proxy.log().getFirst().detail()).isNotNull();
    }
  }

  @Test
  void aBodyThatIsNoneEndsTheExchange() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.skip(Long.MAX_VALUE);
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\nzz\r\n");

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      client.awaitClose();
    }
  }

  private static void leave(Wire client, boolean byReset) throws IOException {
    if (byReset) {
      client.reset();
    } else {
      client.close();
    }
  }

  private static void sendForEver(Wire connection) {
    byte[] chunk = ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try {
      while (true) {
        connection.send(chunk);
      }
    } catch (IOException gone) {
      // What the test waits for.
    }
  }
}
