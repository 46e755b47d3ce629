package dev.fairlead.proxy.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.EndpointState;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.SpecBuilder;
import dev.fairlead.proxy.testing.WebSockets;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A new snapshot touches nothing that did not change: one service ({@code a}, by HTTP/2 {@code c},
 * and with tasks of which one is left out {@code shop}) lives through a thousand changes of another
 * ({@code b}).
 */
class ThousandChangesTest {

  private static final int CHANGES = 1000;
  private static final int LOOK_EVERY = 100;

  /** One before the first change, one at each look, one at the end. */
  private static final int LOOKS = CHANGES / LOOK_EVERY + 2;

  private static final String PIECE = "a piece of a body\n";
  private static final UpstreamSpec H2C = new UpstreamSpec(Scheme.H2C, Optional.empty(), false);
  private static final ClusterPolicy STICKY =
      ClusterPolicy.of(Balance.ROUND_ROBIN).withSticky("task");

  // Of a, c and shop.
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final AtomicInteger pieces = new AtomicInteger();
  private final CompletableFuture<Http2Origin.Stream> call = new CompletableFuture<>();
  private final Origin app = Origin.scripted(this::serve);
  private final Http2Origin http2App =
      Http2Origin.plain(
          stream -> {
            stream.head(200, false);
            call.complete(stream);
          });
  private final Origin left = Origin.named("left");
  private final Origin right = Origin.named("right");
  private final Socket bound = new Socket();
  private EndpointSpec dead = new EndpointSpec("127.0.0.1", 1);

  // Of b.
  private final Origin one = Origin.named("b");
  private final Origin two = Origin.named("b");
  private final Http2Origin three = Http2Origin.plain(stream -> stream.answer("b"));

  @BeforeEach
  void takeAPortThatNobodyListensTo() throws IOException {
    bound.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    dead = new EndpointSpec("127.0.0.1", bound.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    app.close();
    http2App.close();
    left.close();
    right.close();
    bound.close();
    one.close();
    two.close();
    three.close();
  }

  private void serve(Wire connection) throws Exception {
    while (true) {
      Message request = connection.readHead();
      switch (request.target()) {
        case "/chat" -> {
          WebSockets.agree(connection, request);
          while (true) {
            connection.send("echo " + connection.readLine() + "\n");
          }
        }
        case "/events" -> {
          connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
          while (true) {
            connection.send("data: " + events.take() + "\n\n");
          }
        }
        case "/upload" -> {
          for (int i = 0; i < LOOKS; i++) {
            assertThat(connection.readLine()).isEqualTo(PIECE.stripTrailing());
            pieces.incrementAndGet();
          }
          Origin.ok(connection, "all");
        }
        default -> Origin.ok(connection, "a");
      }
    }
  }

  /** What does not change. */
  private SpecBuilder others(SpecBuilder spec) {
    return spec.route("a.test", app)
        .route("c.test", H2C, http2App.endpoint())
        .route("shop.test", dead, left.endpoint(), right.endpoint())
        .shared(STICKY);
  }

  /** The next change of b: something else than before. */
  private void change(SpecBuilder spec, int i) {
    others(spec);
    switch (i % 8) {
      case 0 -> spec.route("b.test", one);
      case 1 -> spec.route("b.test", two, one);
      case 2 -> spec.route("b.test", two, one).shared(ClusterPolicy.of(Balance.LEAST_REQUESTS));
      case 3 -> spec.route("b.test", two, one).shared(STICKY.withSlowStart(Duration.ofSeconds(i)));
      case 4 -> spec.route("b.test", two).limited(idle(Duration.ofSeconds(20 + i)));
      case 5 -> spec.route("b.test", "/v" + i, true, two.endpoint());
      case 6 -> spec.route("b.test", H2C, three.endpoint());
      default -> {
        // It is gone.
      }
    }
  }

  private static RouteLimits idle(Duration time) {
    return new RouteLimits(Optional.empty(), Optional.of(time), Optional.empty(), Optional.empty());
  }

  @Test
  void whatGoesOnIsNotTouched() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> change(spec, 0));
        Wire chat = proxy.connect();
        Http2Wire http2 = new Http2Wire(proxy, "a.test");
        Wire listener = proxy.connectTls("a.test");
        Wire uploader = proxy.connect();
        Wire visitor = proxy.connect();
        Http2Wire caller = new Http2Wire(proxy, "c.test");
        Wire customer = proxy.connect();
        Wire other = proxy.connect()) {
      chat.head("GET /chat HTTP/1.1", "Host: a.test", "Connection: Upgrade", "Upgrade: websocket");
      assertThat(chat.readHead().status()).isEqualTo(101);
      Http2Wire.Exchange http2Chat = WebSockets.connect(http2, "a.test", "/chat", "websocket");
      assertThat(http2Chat.status()).isEqualTo(200);
      listener.get("a.test", "/events");
      assertThat(listener.readHead().status()).isEqualTo(200);
      uploader.head(
          "POST /upload HTTP/1.1", "Host: a.test", "Content-Length: " + PIECE.length() * LOOKS);
      Http2Wire.Exchange up = caller.post("/");
      assertThat(up.status()).isEqualTo(200);
      Http2Origin.Stream down = call.get(10, TimeUnit.SECONDS);
      Streams streams = new Streams(chat, http2Chat, listener, uploader, up, down);
      streams.carryBytesBothWays();
      assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("a");
      Message first = customer.get("shop.test", "/").read();
      await().until(() -> ask(customer) && proxy.server().ejections() == 1);
      int connections = app.connections();
      assertThat(app.openConnections()).isEqualTo(connections).isEqualTo(5);

      for (int i = 1; i <= CHANGES; i++) {
        int now = i;
        proxy.publish(spec -> change(spec, now));
        Message answer = other.get("b.test", "/v" + i).read();
        assertThat(answer.status()).isEqualTo(i % 8 == 7 ? 404 : 200);
        if (i % LOOK_EVERY == 0) {
          streams.carryBytesBothWays();
        }
      }

      // None of its connections was closed, and none was made.
      assertThat(proxy.server().inFlight()).isEqualTo(5);
      assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("a");
      assertThat(app.connections()).isEqualTo(connections);
      assertThat(app.openConnections()).isEqualTo(connections);
      assertThat(http2App.connections()).isEqualTo(1);
      // What was known of its tasks is known.
      Message again =
          customer.head("GET / HTTP/1.1", "Host: shop.test", "Cookie: " + cookie(first)).read();
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.values("set-cookie")).isEmpty();
      for (int i = 0; i < 30; i++) {
        assertThat(ask(customer)).isTrue();
      }
      assertThat(proxy.server().ejections()).isEqualTo(1);
      // Its streams come to their ends.
      streams.carryBytesBothWays();
      assertThat(uploader.read().body()).isEqualTo("all");
      down.data("", true);
      assertThat(up.body()).hasSize(LOOKS * PIECE.length());
      // Nothing is left of the other one.
      proxy.publish(this::others);
      assertThat(one.connections()).isPositive();
      assertThat(two.connections()).isPositive();
      assertThat(three.connections()).isPositive();
      await()
          .untilAsserted(
              () -> {
                assertThat(one.openConnections()).isZero();
                assertThat(two.openConnections()).isZero();
                assertThat(three.openConnections()).isZero();
              });
    }
  }

  private static String cookie(Message answer) {
    return answer.value("set-cookie").replaceFirst(";.*", "");
  }

  private static boolean ask(Wire customer) throws IOException {
    return customer.get("shop.test", "/").read().status() == 200;
  }

  /** What is under way at the service that does not change. */
  private final class Streams {

    private final Wire chat;
    private final Http2Wire.Exchange http2Chat;
    private final Wire listener;
    private final Wire uploader;
    private final Http2Wire.Exchange up;
    private final Http2Origin.Stream down;
    private int looks;

    Streams(
        Wire chat,
        Http2Wire.Exchange http2Chat,
        Wire listener,
        Wire uploader,
        Http2Wire.Exchange up,
        Http2Origin.Stream down) {
      this.chat = chat;
      this.http2Chat = http2Chat;
      this.listener = listener;
      this.uploader = uploader;
      this.up = up;
      this.down = down;
    }

    void carryBytesBothWays() throws Exception {
      looks++;
      assertThat(chat.send("line " + looks + "\n").readLine()).isEqualTo("echo line " + looks);
      http2Chat.send("line\n", false);
      await().until(() -> http2Chat.received() == looks * (long) "echo line\n".length());
      events.add("event " + looks);
      await().until(() -> events.isEmpty());
      // The app's answer ends with its connection; the proxy makes pieces of it.
      String event = "data: event " + looks + "\n\n";
      assertThat(listener.readLine()).isEqualTo(Integer.toHexString(event.length()));
      assertThat(listener.readBytes(event.length())).asString().isEqualTo(event);
      assertThat(listener.readLine()).isEmpty();
      uploader.send(PIECE);
      await().until(() -> pieces.get() == looks);
      up.send(PIECE, false);
      await().until(() -> down.receivedBytes() == looks * (long) PIECE.length());
      down.data(PIECE, false);
      await().until(() -> up.received() == looks * (long) PIECE.length());
    }
  }

  @Test
  void whatIsKnownOfTasksIsKept() {
    SnapshotPublisher publisher =
        new SnapshotPublisher(System::nanoTime, new StickyTokens(new byte[] {1}));
    publish(publisher, 0);
    Cluster cluster = cluster(publisher);
    List<Endpoint> endpoints = cluster.endpoints();
    List<EndpointState> states = endpoints.stream().map(Endpoint::state).toList();
    String token = cluster.token(endpoints.getLast());
    states.getFirst().eject();
    states.getLast().started();

    for (int i = 1; i <= CHANGES; i++) {
      publish(publisher, i);

      Cluster now = cluster(publisher);
      assertThat(now).isSameAs(cluster).isSameAs(cluster.current());
      for (int n = 0; n < states.size(); n++) {
        assertThat(now.endpoints().get(n)).isSameAs(endpoints.get(n));
        assertThat(now.endpoints().get(n).state()).isSameAs(states.get(n));
        assertThat(states.get(n).isRetired()).isFalse();
      }
      assertThat(now.token(endpoints.getLast())).isSameAs(token).isNotNull();
    }
    assertThat(states.getFirst().serves()).isFalse();
    assertThat(states.getLast().inFlight()).isEqualTo(1);
  }

  private void publish(SnapshotPublisher publisher, int i) {
    SpecBuilder spec = new SpecBuilder();
    change(spec, i);
    publisher.publish(spec.build());
  }

  private static Cluster cluster(SnapshotPublisher publisher) {
    Snapshot snapshot = publisher.current();
    assertThat(snapshot).isNotNull();
    return snapshot.clusters().stream()
        .filter(cluster -> cluster.name().equals("shop.test/"))
        .findFirst()
        .orElseThrow();
  }
}
