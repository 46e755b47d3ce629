package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Apps that want to know the client from the connection. */
class ProxyProtocolToAppsTest {

  private static final UpstreamSpec V2 = new UpstreamSpec(Scheme.HTTP, Optional.empty(), true);
  private static final int IPV4_HEADER = 16 + 12;

  @Test
  void eachConnectionNamesItsClientAndIsUsedForNobodyElse() throws Exception {
    try (Origin app = naming();
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", V2, app.endpoint()));
        Wire one = proxy.connect();
        Wire other = proxy.connect()) {
      for (Wire client : new Wire[] {one, other, one}) {
        InetSocketAddress own = (InetSocketAddress) client.socket().getLocalSocketAddress();
        String expected = "127.0.0.1:%d to 127.0.0.1:%d".formatted(own.getPort(), proxy.httpPort());
        assertThat(client.get("a.test", "/").read().body()).isEqualTo(expected);
      }
      assertThat(app.connections()).isEqualTo(3);
    }
  }

  @Test
  void behindAProxyThatIsTrustedTheVisitorIsNamed() throws Exception {
    try (Origin app = naming();
        ProxyFixture proxy =
            ProxyFixture.builder()
                .trusting("127.0.0.1")
                .start(spec -> spec.route("a.test", V2, app.endpoint()));
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "X-Forwarded-For: 192.0.2.7");

      assertThat(client.read().body())
          .isEqualTo("192.0.2.7:0 to 127.0.0.1:%d".formatted(proxy.httpPort()));
    }
  }

  // Answers what the header says.
  private static Origin naming() {
    return Origin.scripted(
        connection -> {
          ByteBuffer header = ByteBuffer.wrap(connection.readBytes(IPV4_HEADER));
          byte[] client = new byte[4];
          byte[] own = new byte[4];
          header.position(16).get(client).get(own);
          int clientPort = header.getShort() & 0xffff;
          int ownPort = header.getShort() & 0xffff;
          while (true) {
            connection.read();
            Origin.ok(
                connection,
                "%s:%d to %s:%d"
                    .formatted(
                        InetAddress.getByAddress(client).getHostAddress(),
                        clientPort,
                        InetAddress.getByAddress(own).getHostAddress(),
                        ownPort));
          }
        });
  }
}
