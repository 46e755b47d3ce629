package dev.fairlead.app.alert;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A server that says a beginning and then the same for ever, whatever its clients say. */
final class EndlessServer implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final CountDownLatch left = new CountDownLatch(1);
  private final byte[] begin;
  private final byte[] more;

  /**
   * @param more nothing: it is silent after the beginning
   */
  EndlessServer(String begin, String more) throws IOException {
    this.begin = begin.getBytes(US_ASCII);
    this.more = more.getBytes(US_ASCII);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        client.getOutputStream().write(begin);
        while (more.length > 0) {
          client.getOutputStream().write(more);
        }
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
        left.countDown();
      } catch (IOException e) {
        left.countDown(); // reset
      }
    }
  }

  /** Whoever was connected has ended its connection. */
  void awaitEndOfClient() throws InterruptedException {
    Assertions.assertThat(left.await(20, TimeUnit.SECONDS)).as("the client left").isTrue();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
