package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Who holds connections open without asking for anything keeps nobody else out. */
class NewConnectionsTest {

  /** The begin of a ClientHello, and of a request. */
  private static final byte[] HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

  private static final byte[] HEAD =
      "GET / HTTP/1.1\r\nHost: a.".getBytes(StandardCharsets.US_ASCII);

  private static ProxyFixture limited(int newConnections, Origin app) {
    return ProxyFixture.builder()
        .limits(limits -> limits.newConnections(newConnections))
        .start(spec -> spec.route("a.test", app));
  }

  /** A connection of another address than all before it. */
  private static Socket stranger(int number, int port) throws IOException {
    byte[] address = {127, 1, (byte) (number >> 8), (byte) number};
    return new Socket(
        InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.getByAddress(address), 0);
  }

  private static CompletableFuture<Void> running(Callable<Void> task) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(task.call());
              } catch (Exception failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void aFloodOfHalfOpenHandshakesKeepsNobodyOut() throws Exception {
    int limit = 1500;
    int flood = 4000;
    // As many as come in the time of one handshake, however slow this machine is.
    int wave = 500;
    Semaphore permits = new Semaphore(0);
    List<Socket> sockets = new ArrayList<>();
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(limit, app);
        Wire before = proxy.connectTls("a.test");
        Http2Wire before2 = new Http2Wire(proxy, "a.test")) {
      assertThat(before.get("a.test", "/").read().body()).isEqualTo("app");
      assertThat(before2.get("/").body()).isEqualTo("app");
      CompletableFuture<Void> flooded =
          running(
              () -> {
                for (int i = 0; i < flood; i++) {
                  permits.acquire();
                  Socket socket = stranger(i, proxy.httpsPort());
                  sockets.add(socket);
                  if (i % 2 == 0) {
                    socket.getOutputStream().write(HELLO);
                  }
                }
                return null;
              });
      for (int i = 0; i < flood; i += wave) {
        permits.release(wave);
        try (Wire visitor = proxy.connectTls("a.test")) {
          assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("app");
        }
        await().until(() -> permits.availablePermits() == 0);
      }
      flooded.join();

      assertThat(before.get("a.test", "/").read().body()).isEqualTo("app");
      assertThat(before2.get("/").body()).isEqualTo("app");
      assertThat(proxy.server().newConnections()).isLessThanOrEqualTo(limit);
      assertThat(proxy.server().newConnectionsEnded()).isGreaterThanOrEqualTo(flood - limit);
      await().until(() -> proxy.server().openConnections() <= limit + 2);
    } finally {
      close(sockets);
    }
  }

  @Test
  void aFloodOfHeadsThatDoNotEndKeepsNobodyOut() throws Exception {
    int limit = 100;
    List<Socket> sockets = new ArrayList<>();
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(limit, app);
        Wire before = proxy.connect()) {
      assertThat(before.get("a.test", "/").read().body()).isEqualTo("app");
      for (int i = 0; i < 5 * limit; i++) {
        Socket slow = stranger(i, proxy.httpPort());
        sockets.add(slow);
        slow.getOutputStream().write(HEAD);
        if (i % 50 == 0) {
          try (Wire visitor = proxy.connect()) {
            assertThat(visitor.get("a.test", "/").read().body()).isEqualTo("app");
          }
        }
      }
      assertThat(before.get("a.test", "/").read().body()).isEqualTo("app");
      // The oldest are gone, the newest are not.
      new Wire(sockets.getFirst()).awaitClose();
      Wire newest = new Wire(sockets.getLast());
      newest.send("test\r\n\r\n");
      assertThat(newest.read().body()).isEqualTo("app");
    } finally {
      close(sockets);
    }
  }

  @Test
  void whoHasAskedIsNotNewAnyMore() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(10, app);
        Wire plain = proxy.connect();
        Wire tls = proxy.connectTls("a.test");
        Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
      await().until(() -> proxy.server().newConnections() == 3);
      plain.get("a.test", "/").read();
      tls.get("a.test", "/").read();
      await().until(() -> proxy.server().newConnections() == 1);
      http2.get("/").body();
      assertThat(proxy.server().newConnections()).isZero();

      try (Wire silent = proxy.connect()) {
        await().until(() -> proxy.server().newConnections() == 1);
        silent.socket().shutdownOutput();
        silent.awaitClose();
      }
      await().until(() -> proxy.server().newConnections() == 0);
      assertThat(proxy.server().newConnectionsEnded()).isZero();
    }
  }

  @Test
  void whatIsMalformedIsNoRequest() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .headerTimeout(Duration.ofMinutes(1))
                .start(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      assertThat(client.head("GET / HTTP/1.1", "No field").read().status()).isEqualTo(400);
      client.awaitClose();
      await().until(() -> proxy.server().newConnections() == 0);
    }
  }
}
