package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.SystemSockets;
import dev.fairlead.proxy.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How much of an answer waits in the system for a client that does not take it. */
@EnabledOnOs(OS.LINUX)
class UnsentOutputTest {

  private static final long ENDLESS = 1_000_000_000;

  @Test
  void theMoreConnectionsThereAreTheLessTheSystemHoldsOfEach() throws Exception {
    CompletableFuture<Long> written = new CompletableFuture<>();
    List<Wire> others = new ArrayList<>();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + ENDLESS);
                  written.complete(connection.sendUntilBlocked(ENDLESS));
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      for (int i = 0; i < 64; i++) {
        others.add(proxy.connect());
      }
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4 * 1024);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), proxy.httpPort()));
      try (Wire client = new Wire(socket)) {
        client.get("a.test", "/");

        assertThat(written.get(30, TimeUnit.SECONDS)).isLessThan(ENDLESS);
        // A piece of up to 64 KiB may cross the mark.
        assertThat(SystemSockets.unsentBytes(proxy.httpPort(), socket.getLocalPort()))
            .isBetween(1L, 160_000L);
      }
    } finally {
      others.forEach(Wire::close);
    }
  }
}
