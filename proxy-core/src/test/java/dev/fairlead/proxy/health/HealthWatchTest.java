package dev.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of tasks that fail, seen by those who ask. */
class HealthWatchTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String BEGUN = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate";

  private static final RouteLimits ONE_TRY =
      new RouteLimits(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new RetrySpec(1, Set.of(), 0));

  @Test
  void aTaskThatFailsIsSparedUntilItIsThereAgain() throws Exception {
    AtomicBoolean works = new AtomicBoolean();
    try (Origin bad =
            Origin.answering(
                (_, connection) -> {
                  if (works.get()) {
                    Origin.ok(connection, "bad");
                  } else {
                    connection.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                  }
                });
        Origin good = Origin.named("good");
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("a.test", bad, good).limited(ONE_TRY));
        Wire client = proxy.connect()) {
      await()
          .atMost(SOON)
          .until(
              () -> {
                client.get("a.test", "/").read();
                return proxy.server().ejections() == 1;
              });
      int asked = bad.requests();
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("a.test", "/").read().body()).isEqualTo("good");
      }
      assertThat(bad.requests()).isEqualTo(asked);

      works.set(true);
      await().atMost(SOON).until(() -> client.get("a.test", "/").read().body().equals("bad"));
    }
  }

  @Test
  void aTaskThatCannotBeReachedIsNotTriedEachTime() throws Exception {
    // Bound, so that nobody else gets the port, but not listening.
    try (Socket gone = new Socket();
        Origin good = Origin.named("good")) {
      gone.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      EndpointSpec dead = new EndpointSpec("127.0.0.1", gone.getLocalPort());
      isNotTriedEachTime(dead, good);
    }
  }

  /** As a task that was killed, of whose connections the end never got here. */
  @Test
  void whatATaskTookWithItIsNotWaitedFor() throws Exception {
    try (ServerSocket task = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Origin good = Origin.named("good");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", new EndpointSpec("127.0.0.1", task.getLocalPort())));
        Wire page = proxy.connect();
        Wire stream = proxy.connect()) {
      stream.get("a.test", "/events");
      try (Socket streaming = task.accept()) {
        streaming.getOutputStream().write(BEGUN.getBytes(StandardCharsets.US_ASCII));
        assertThat(stream.readHead().status()).isEqualTo(200);
        page.get("a.test", "/");
        // Its queue is full then, and what begins a connection is dropped.
        try (Socket silent = task.accept();
            Socket first = new Socket(task.getInetAddress(), task.getLocalPort());
            Socket second = new Socket(task.getInetAddress(), task.getLocalPort())) {
          proxy.publish(spec -> spec.route("a.test", good));

          assertThat(page.read().body()).isEqualTo("good");
          assertThatThrownBy(() -> stream.readBytes(100)).isInstanceOf(IOException.class);
          assertThat(List.of(streaming, silent, first, second)).noneMatch(Socket::isClosed);
        }
      }
    }
  }

  @Test
  void whoLeavesAndIsThereMayEndWhatItHasBegun() throws Exception {
    try (ServerSocket task = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Origin good = Origin.named("good");
        ProxyFixture proxy =
            ProxyFixture.routing(
                spec -> spec.route("a.test", new EndpointSpec("127.0.0.1", task.getLocalPort())));
        Wire page = proxy.connect()) {
      page.get("a.test", "/");
      try (Socket slow = task.accept()) {
        proxy.publish(spec -> spec.route("a.test", good));
        // Twice in a row is enough to find out who is gone.
        for (int question = 0; question < 3; question++) {
          end(task.accept());
        }
        slow.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));

        assertThat(page.read().body()).isEqualTo("late");
      }
    }
  }

  private static void end(Closeable one) throws IOException {
    one.close();
  }

  private static void isNotTriedEachTime(EndpointSpec dead, Origin good) throws IOException {
    try (ProxyFixture proxy =
        ProxyFixture.routing(spec -> spec.route("a.test", dead, good.endpoint()))) {
      AtomicInteger asked = new AtomicInteger();
      await()
          .atMost(SOON)
          .until(
              () -> {
                asked.incrementAndGet();
                return ask(proxy) && proxy.server().ejections() == 1;
              });

      // An answer comes before its line.
      int before = asked.get();
      await().until(() -> proxy.log().size() == before);
      for (int i = 0; i < 20; i++) {
        assertThat(ask(proxy)).isTrue();
      }
      await().until(() -> proxy.log().size() == before + 20);
      assertThat(proxy.log().subList(before, before + 20))
          .allSatisfy(entry -> assertThat(entry.attempts()).isEqualTo(1));
    }
  }

  private static boolean ask(ProxyFixture proxy) throws IOException {
    try (Wire client = proxy.connect()) {
      return client.get("a.test", "/").read().body().equals("good");
    }
  }
}
