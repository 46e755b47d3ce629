package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, and what never is. */
class RetryTest {

  private final List<Socket> held = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : held) {
      socket.close();
    }
  }

  @Test
  void whoRefusesTheConnectionIsPassedOver() throws Exception {
    EndpointSpec dead = closedPort();
    try (Origin app = Origin.named("alive");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", dead, app.endpoint()));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 10; i++) {
        Message answer =
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi").read();
        assertThat(answer.body()).isEqualTo("alive");
      }
      assertThat(proxy.log()).allSatisfy(entry -> assertThat(entry.detail()).isNull());
      assertThat(proxy.log()).anySatisfy(entry -> assertThat(entry.attempts()).isEqualTo(2));
    }
  }

  @Test
  void manyThatRefuseDoNotHideTheOneThatAnswers() throws Exception {
    List<EndpointSpec> endpoints = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      endpoints.add(closedPort());
    }
    try (Origin app = Origin.named("alive");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> {
                  endpoints.add(app.endpoint());
                  spec.route("a.test", endpoints.toArray(EndpointSpec[]::new));
                });
        Wire client = proxy.connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("alive");
      }
    }
  }

  @Test
  void whenAllRefuseTheVisitorIsToldWhenToComeBack() throws Exception {
    EndpointSpec[] dead = {closedPort(), closedPort()};
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", dead));
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", "/").read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.value("retry-after")).isNotEmpty();
      assertThat(answer.value("cache-control")).isEqualTo("no-store");
    }
  }

  @Test
  void aServiceWithoutATaskSaysSoAndABrowserComesBackByItself() throws Exception {
    EndpointSpec[] none = {};
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", none));
        Wire client = proxy.connect()) {
      Message answer = client.get("a.test", "/").read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.value("retry-after")).isEqualTo("5");
      assertThat(answer.value("content-type")).startsWith("text/plain");

      Message page = client.head("GET / HTTP/1.1", "Host: a.test", "Accept: text/html,*/*").read();
      assertThat(page.status()).isEqualTo(503);
      assertThat(page.body()).contains("http-equiv=\"refresh\"").doesNotContain("airlead");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT"})
  void aConnectionThatDiedUnnoticedIsMadeAgain(String method) throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (Origin app = Origin.scripted(connection -> dieAtTheSecond(connection, connections));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      for (int i = 0; i < 5; i++) {
        Message answer = client.head(method + " / HTTP/1.1", "Host: a.test").read();
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(connections.get()).isEqualTo(5);
    }
  }

  @Test
  void itIsMadeAgainForAClientOfHttp2Too() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (Origin app = Origin.scripted(connection -> dieAtTheSecond(connection, connections));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      assertThat(connections.get()).isEqualTo(5);
    }
  }

  @Test
  void whatMayNotBeRepeatedIsNot() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (Origin app = Origin.scripted(connection -> dieAtTheSecond(connection, connections));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(200);
      Message answer =
          client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi").read();

      assertThat(answer.status()).isEqualTo(502);
      assertThat(connections.get()).isEqualTo(1);
    }
  }

  @Test
  void aNewConnectionThatDiesIsNoReasonToRepeat() throws Exception {
    try (Origin app = Origin.scripted(Wire::readHead);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().status()).isEqualTo(502);
      assertThat(app.connections()).isEqualTo(1);
    }
  }

  @Test
  void nothingIsRepeatedOnceTheAnswerHasBegun() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  Origin.ok(connection, "first");
                  connection.read();
                  requests.incrementAndGet();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                  connection.reset();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().body()).isEqualTo("first");

      client.get("a.test", "/");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.skip(100)).isLessThan(100);
      assertThat(requests.get()).isEqualTo(1);
    }
  }

  // Answers once, and closes when the next request comes.
  private static void dieAtTheSecond(Wire connection, AtomicInteger connections)
      throws IOException {
    connections.incrementAndGet();
    connection.read();
    Origin.ok(connection, "hello");
    connection.readHead();
  }

  // Bound, so that nobody else gets the port, but not listening.
  private EndpointSpec closedPort() throws IOException {
    Socket socket = new Socket();
    held.add(socket);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    return new EndpointSpec("127.0.0.1", socket.getLocalPort());
  }
}
