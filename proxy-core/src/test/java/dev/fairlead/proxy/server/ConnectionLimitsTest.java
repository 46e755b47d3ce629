package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and what becomes of those beyond. */
class ConnectionLimitsTest {

  private static final int OFTEN = 100;

  @Test
  void beyondTheLimitOfAllConnectionsWait() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder().connections(3, 100).start(spec -> spec.route("a.test", app));
        Wire one = proxy.connect();
        Wire two = proxy.connectTls("a.test");
        Wire three = proxy.connect()) {
      for (Wire open : List.of(one, two, three)) {
        assertThat(open.get("a.test", "/").read().status()).isEqualTo(200);
      }
      try (Wire four = proxy.connect()) {
        four.get("a.test", "/");
        // It waits for as long as all this takes, and nobody else is worse off.
        askOften(two);
        assertThat(app.requests()).isEqualTo(3 + OFTEN);
        assertThat(proxy.server().openConnections()).isEqualTo(3);

        one.socket().close();
        assertThat(four.read().status()).isEqualTo(200);
        assertThat(proxy.server().openConnections()).isEqualTo(3);
      }
    }
  }

  @Test
  void manyMoreThanTheLimitAreAllServedInTheEnd() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder().connections(4, 100).start(spec -> spec.route("a.test", app))) {
      List<Wire> waiting = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Wire wire = proxy.connect();
        wire.get("a.test", "/");
        waiting.add(wire);
      }
      for (Wire wire : waiting) {
        assertThat(wire.read().status()).isEqualTo(200);
        wire.close();
      }
      await().until(() -> proxy.server().openConnections() == 0);
    }
  }

  @Test
  void thoseWhoWaitedForTheStartAreNotTooManyEither() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.builder().connections(2, 100).bind()) {
      proxy.publish(spec -> spec.route("a.test", app));
      List<Wire> plain = new ArrayList<>();
      List<Wire> tls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        plain.add(proxy.connect());
        tls.add(proxy.connectBare());
      }
      proxy.server().activate();
      await().until(() -> proxy.server().openConnections() >= 2);
      // The second port is opened before it is known that the first one has filled all room.
      askOften(plain.getFirst());
      assertThat(proxy.server().openConnections()).isBetween(2, 3);
      for (Wire wire : plain) {
        wire.close();
      }
      for (Wire wire : tls) {
        wire.close();
      }
      await().until(() -> proxy.server().openConnections() == 0);
    }
  }

  @Test
  void beyondTheLimitOfOneClientTheyAreClosed() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder().connections(100, 2).start(spec -> spec.route("a.test", app));
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      assertThat(one.get("a.test", "/").read().status()).isEqualTo(200);
      assertThat(two.get("a.test", "/").read().status()).isEqualTo(200);
      try (Wire three = proxy.connect()) {
        assertThat(ended(three)).isTrue();
      }
      // Another client has a limit of its own.
      try (Wire other = new Wire(from("127.0.0.2", proxy.httpPort()))) {
        assertThat(other.get("a.test", "/").read().status()).isEqualTo(200);
      }
      one.socket().close();
      await()
          .untilAsserted(
              () -> {
                try (Wire again = proxy.connect()) {
                  assertThat(again.get("a.test", "/").read().status()).isEqualTo(200);
                }
              });
    }
  }

  @Test
  void aTrustedProxySpeaksForMany() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .connections(100, 1)
                .trusting("127.0.0.0/8")
                .start(spec -> spec.route("a.test", app));
        Wire one = proxy.connect();
        Wire two = proxy.connect()) {
      assertThat(one.get("a.test", "/").read().status()).isEqualTo(200);
      assertThat(two.get("a.test", "/").read().status()).isEqualTo(200);
    }
  }

  private static void askOften(Wire client) throws IOException {
    for (int i = 0; i < OFTEN; i++) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
    }
  }

  private static Socket from(String address, int port) throws IOException {
    return new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(address), 0);
  }

  private static boolean ended(Wire wire) throws IOException {
    try {
      return wire.socket().getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }
}
