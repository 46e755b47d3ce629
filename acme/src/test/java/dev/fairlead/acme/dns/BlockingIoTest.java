package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/** Servers that answer otherwise than they should. */
class BlockingIoTest {

  private static final byte[] QUERY = {7, 9, 1, 2, 3};
  private static final byte[] ANSWER = {7, 9, 4, 5, 6, 7};
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @Test
  void takesTheAnswerAfterOthersWithAnotherId() throws Exception {
    try (DatagramSocket server = new DatagramSocket(loopback())) {
      Thread.ofVirtual().start(() -> answer(server, new byte[] {7}, new byte[] {9, 7, 1}, ANSWER));

      assertThat(udp(server, PATIENT).get()).isEqualTo(ANSWER);
    }
  }

  @Test
  void waitsForADatagramNoLongerThanTold() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(loopback())) {
      assertThatThrownBy(udp(silent, Duration.ofMillis(50))::get)
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void takesAnAnswerInPieces() throws Exception {
    try (ServerSocket server = listen()) {
      Thread.ofVirtual()
          .start(
              () ->
                  serve(
                      server,
                      out -> {
                        out.write(0);
                        out.flush();
                        out.write(new byte[] {(byte) ANSWER.length, ANSWER[0]});
                        out.flush();
                        out.write(ANSWER, 1, ANSWER.length - 1);
                      }));

      assertThat(tcp(server, PATIENT).get()).isEqualTo(ANSWER);
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNone() throws Exception {
    try (ServerSocket server = listen()) {
      Thread.ofVirtual().start(() -> serve(server, out -> out.write(new byte[] {0, 9, 7, 9, 4})));

      assertThatThrownBy(tcp(server, PATIENT)::get)
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("ended in the middle of the answer");
    }
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() throws Exception {
    try (ServerSocket server = listen()) {
      Thread.ofVirtual().start(() -> serve(server, BlockingIoTest::drip));

      assertThatThrownBy(tcp(server, Duration.ofMillis(500))::get)
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
  }

  private static void drip(OutputStream out) throws IOException {
    out.write(new byte[] {(byte) 0xFF, (byte) 0xFF});
    try (ScheduledExecutorService drops = Executors.newSingleThreadScheduledExecutor()) {
      drops.scheduleAtFixedRate(() -> drop(out), 0, 1, TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("nobody listens any more", e);
    }
  }

  private static void drop(OutputStream out) {
    try {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompletableFuture<byte[]> udp(DatagramSocket server, Duration limit) {
    return BlockingIo.INSTANCE.sendAndReceiveUdp(
        null, address(server.getLocalPort()), new Message(), QUERY, 512, limit);
  }

  private static CompletableFuture<byte[]> tcp(ServerSocket server, Duration limit) {
    return BlockingIo.INSTANCE.sendAndReceiveTcp(
        null, address(server.getLocalPort()), new Message(), QUERY, limit);
  }

  private static void answer(DatagramSocket server, byte[]... answers) {
    try {
      DatagramPacket query = new DatagramPacket(new byte[512], 512);
      server.receive(query);
      for (byte[] answer : answers) {
        server.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
      }
    } catch (IOException e) {
      throw new AssertionError("the server", e);
    }
  }

  private static void serve(ServerSocket server, Behaviour behaviour) {
    try (Socket client = server.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      assertThat(in.readNBytes(in.readUnsignedShort())).isEqualTo(QUERY);
      behaviour.answer(client.getOutputStream());
    } catch (IOException e) {
      // who asked is gone
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static InetSocketAddress loopback() {
    return address(0);
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @FunctionalInterface
  private interface Behaviour {
    void answer(OutputStream out) throws IOException;
  }
}
