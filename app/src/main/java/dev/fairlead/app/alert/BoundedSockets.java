package dev.fairlead.app.alert;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Connections on which a server can say only so much. Angus Mail keeps an answer until its last
 * line has come to its end, and before TLS anybody on the way can be the one who answers.
 */
final class BoundedSockets extends SocketFactory {

  /** A handshake with a long chain has some 10 KiB, and a mail's answers have less than one. */
  static final int MOST_BYTES = 128 * 1024;

  @Override
  public Socket createSocket() {
    return new Bounded();
  }

  // Angus Mail makes unconnected ones only, as connecting has a time limit.

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new SocketException("not connected here");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw new SocketException("not connected here");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new SocketException("not connected here");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw new SocketException("not connected here");
  }

  private static final class Bounded extends Socket {

    private int left = MOST_BYTES;

    /** Those of one connection have its bound together. */
    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          int count = super.read(bytes, offset, length);
          return counted(count, count);
        }

        @Override
        public boolean markSupported() {
          return false;
        }
      };
    }

    private int counted(int result, int bytes) throws IOException {
      if (result >= 0) {
        left -= bytes;
      }
      if (left < 0) {
        throw new IOException("the server said more than %d KiB".formatted(MOST_BYTES >> 10));
      }
      return result;
    }
  }
}
