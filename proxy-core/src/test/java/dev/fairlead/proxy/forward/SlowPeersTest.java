package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who takes slowly but steadily what was sent is not cut, however much of it waits in buffers on
 * the way: the system asks for more only when a large part of them is free.
 */
class SlowPeersTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  /** Far more than the system's socket buffers and the proxy take. */
  private static final long ENDLESS = 1_000_000_000;

  private static final int PIECE = 5000;

  /** How many pieces are read in many times {@link #SHORT}. */
  private static final int MANY = 450;

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static ProxyFixture impatient(Origin app) {
    return ProxyFixture.builder()
        .idleTimeout(SHORT)
        .keepAliveTimeout(SHORT)
        .limits(limits -> limits.minRate(8192))
        .start(spec -> spec.route("a.test", app));
  }

  /** Answers without an end, as fast as it is taken. */
  private static Origin endless(String head) {
    return Origin.scripted(
        connection -> {
          connection.readHead();
          connection.send(head);
          connection.sendUntilBlocked(ENDLESS);
          connection.awaitClose();
        });
  }

  /** Some 500 KB a second. */
  private static void readSlowly(InputStream in, int pieces)
      throws IOException, InterruptedException {
    for (int i = 0; i < pieces; i++) {
      assertThat(in.readNBytes(PIECE)).hasSize(PIECE);
      pause();
    }
  }

  private static void pause() throws InterruptedException {
    NEVER.await(10, TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatReadsSlowlyGetsItsAnswer(boolean tls) throws Exception {
    try (Origin app = endless("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
        ProxyFixture proxy = impatient(app);
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      client.get("a.test", "/");
      readSlowly(client.socket().getInputStream(), MANY);

      assertThat(proxy.log()).isEmpty();
    }
  }

  /**
   * @param window where it is small it is the limit, else the buffers of the system are
   */
  @ParameterizedTest
  @ValueSource(ints = {65_535, 100_000_000})
  void anHttp2ClientThatReadsSlowlyGetsItsAnswer(int window) throws Exception {
    try (Origin app = endless("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
        ProxyFixture proxy = impatient(app);
        Socket client = proxy.tlsSocket("a.test", "h2")) {
      client.getOutputStream().write(request(window));
      for (int i = 0; i < MANY; i++) {
        readSlowly(client.getInputStream(), 1);
        client.getOutputStream().write(windowUpdates(PIECE));
      }

      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void anHttp2ClientMayTakeItsAnswerInBursts() throws Exception {
    int burst = 100_000;
    try (Origin app = endless("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
        ProxyFixture proxy = impatient(app);
        Socket client = proxy.tlsSocket("a.test", "h2")) {
      client.getOutputStream().write(request(65_535));
      for (int i = 0; i < 8; i++) {
        NEVER.await(SHORT.toMillis() * 7 / 10, TimeUnit.MILLISECONDS);
        client.getOutputStream().write(windowUpdates(burst));
        assertThat(client.getInputStream().readNBytes(burst)).hasSize(burst);
      }

      assertThat(proxy.log()).isEmpty();
    }
  }

  /** The beginning of a connection by HTTP/2, and a GET (RFC 9113 §3.4, RFC 7541 appendix A). */
  private static byte[] request(int window) {
    byte[] host = "a.test".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(200);
    bytes.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(bytes, 6, 4, 0, 0).putShort((short) 4).putInt(window);
    frame(bytes, 4, 8, 0, 0).putInt(window);
    frame(bytes, 5 + host.length, 1, 5, 1);
    bytes.put(new byte[] {(byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, (byte) host.length});
    return taken(bytes.put(host));
  }

  private static byte[] windowUpdates(int bytes) {
    ByteBuffer frames = ByteBuffer.allocate(26);
    frame(frames, 4, 8, 0, 0).putInt(bytes);
    frame(frames, 4, 8, 0, 1).putInt(bytes);
    return taken(frames);
  }

  private static ByteBuffer frame(ByteBuffer out, int length, int type, int flags, int stream) {
    return out.put((byte) 0)
        .putShort((short) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream);
  }

  private static byte[] taken(ByteBuffer bytes) {
    byte[] taken = new byte[bytes.flip().remaining()];
    bytes.get(taken);
    return taken;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEndOfAnAnswerWaitsForASlowReader(boolean keepAlive) throws Exception {
    int size = 8_000_000;
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head("HTTP/1.1 200 OK", "Content-Length: " + size);
                  connection.send(new byte[size]);
                });
        ProxyFixture proxy = impatient(app);
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", keepAlive ? "X-None: 1" : "Connection: close");
      client.readHead();
      long read = 0;
      for (long some = client.skip(4 * PIECE); some > 0; some = client.skip(4 * PIECE)) {
        read += some;
        pause();
      }

      assertThat(read).isEqualTo(size);
    }
  }

  @Test
  void anAppThatTakesAnUploadSlowlyGetsIt() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  readSlowly(connection.socket().getInputStream(), MANY);
                  Origin.ok(connection, "enough");
                  // Not a close with bytes unread: that is a reset, which may outrun the answer.
                  connection.awaitEnd();
                });
        ProxyFixture proxy = impatient(app);
        Wire client = proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + ENDLESS);
      Thread upload =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.sendUntilBlocked(ENDLESS);
                    } catch (InterruptedException over) {
                      Thread.currentThread().interrupt();
                    }
                  });

      assertThat(client.read().body()).isEqualTo("enough");
      upload.interrupt();
    }
  }

  @Test
  void aTunnelLivesAsLongAsItIsTakenFrom() throws Exception {
    try (Origin app =
            endless(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
        ProxyFixture proxy = impatient(app);
        Wire client = proxy.connect()) {
      client.head("GET / HTTP/1.1", "Host: a.test", "Upgrade: x", "Connection: Upgrade");
      readSlowly(client.socket().getInputStream(), MANY);
      assertThat(proxy.log()).isEmpty();

      // Not longer.
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(1));
    }
  }
}
