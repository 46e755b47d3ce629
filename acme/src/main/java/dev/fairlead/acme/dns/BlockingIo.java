package dev.fairlead.acme.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.io.IoClientFactory;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

/**
 * Sends a DNS message in the thread that asks, on a socket of its own. The library's own way keeps
 * a selector, a shutdown hook, and connections that the server may have closed.
 */
final class BlockingIo implements IoClientFactory, TcpIoClient, UdpIoClient {

  static final BlockingIo INSTANCE = new BlockingIo();

  private static final int LONGEST_DATAGRAM = 65_535;

  private BlockingIo() {}

  @Override
  public TcpIoClient createOrGetTcpClient() {
    return this;
  }

  @Override
  public UdpIoClient createOrGetUdpClient() {
    return this;
  }

  /** With a length before each message (RFC 1035 §4.2.2). */
  @Override
  public CompletableFuture<byte[]> sendAndReceiveTcp(
      @Nullable InetSocketAddress local,
      InetSocketAddress remote,
      Message query,
      byte[] data,
      Duration timeout) {
    try (Socket socket = new Socket()) {
      long end = System.nanoTime() + timeout.toNanos();
      socket.connect(remote, left(end));
      byte[] framed =
          ByteBuffer.allocate(2 + data.length).putShort((short) data.length).put(data).array();
      OutputStream out = socket.getOutputStream();
      out.write(framed);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      socket.setSoTimeout(left(end));
      byte[] answer = new byte[in.readUnsignedShort()];
      for (int read = 0; read < answer.length; ) {
        socket.setSoTimeout(left(end)); // of the whole answer: a byte now and then is no answer
        int more = in.read(answer, read, answer.length - read);
        if (more < 0) {
          throw new IOException("the connection ended in the middle of the answer");
        }
        read += more;
      }
      return CompletableFuture.completedFuture(answer);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<byte[]> sendAndReceiveUdp(
      @Nullable InetSocketAddress local,
      InetSocketAddress remote,
      Message query,
      byte[] data,
      int max,
      Duration timeout) {
    try (DatagramSocket socket = new DatagramSocket()) {
      long end = System.nanoTime() + timeout.toNanos();
      socket.connect(remote); // takes what comes from there only
      socket.send(new DatagramPacket(data, data.length));
      byte[] bytes = new byte[LONGEST_DATAGRAM];
      while (true) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        socket.setSoTimeout(left(end));
        socket.receive(packet);
        if (packet.getLength() >= 2 && bytes[0] == data[0] && bytes[1] == data[1]) {
          return CompletableFuture.completedFuture(Arrays.copyOf(bytes, packet.getLength()));
        }
      }
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static int left(long end) throws SocketTimeoutException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return Math.toIntExact(millis);
  }
}
