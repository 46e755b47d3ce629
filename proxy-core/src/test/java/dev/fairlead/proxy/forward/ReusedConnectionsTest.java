package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.server.ProxyServer;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is counted of requests and the connections to tasks that they went by. */
class ReusedConnectionsTest {

  private static final int REQUESTS = 10;

  @Test
  void allRequestsButTheFirstGoByAConnectionThatIsThere() throws Exception {
    try (Origin app = Origin.named("a");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        client.get("a.test", "/").read();
      }

      counted(proxy.server(), 1, REQUESTS, REQUESTS - 1);
    }
  }

  @Test
  void theSameByHttp2() throws Exception {
    try (Http2Origin app = Http2Origin.plain(stream -> stream.answer("a"));
        ProxyFixture proxy = Http2AppsTest.routing(app);
        Wire client = proxy.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        client.get("a.test", "/").read();
      }

      counted(proxy.server(), 1, REQUESTS, REQUESTS - 1);
    }
  }

  @Test
  void anAppThatClosesEachTimeIsSeen() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        client.get("a.test", "/").read();
      }

      counted(proxy.server(), REQUESTS, REQUESTS, 0);
    }
  }

  @Test
  void eachTryCounts() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (asked.incrementAndGet() == 2) {
                    connection.close();
                  } else {
                    Origin.ok(connection, "a");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/").read();
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("a");

      // The second was sent on the old connection, and then on one of its own.
      counted(proxy.server(), 2, 3, 1);
    }
  }

  private static void counted(ProxyServer server, int connections, int requests, int onReused) {
    assertThat(server.connectionsToEndpoints()).isEqualTo(connections);
    assertThat(server.requestsSent()).isEqualTo(requests);
    assertThat(server.requestsOnReusedConnections()).isEqualTo(onReused);
  }
}
