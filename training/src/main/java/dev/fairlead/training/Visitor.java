package dev.fairlead.training;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Visits hosts of a bed at 127.0.0.1, and trusts the stored certificates alone. */
public final class Visitor {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final SSLContext tls;
  private final int port;

  public Visitor(Bed bed) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", bed.authority());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    // each connection pays for its handshake
    tls.getClientSessionContext().setSessionTimeout(1);
    this.port = bed.https();
  }

  public SSLContext tls() {
    return tls;
  }

  /** A connection; the handshake is over, and the certificate was the host's. */
  public SSLSocket connect(String host) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** One request and its whole answer; returns the status. */
  public static int get(SSLSocket socket, String host, String method, int bodyBytes)
      throws IOException {
    String head =
        "%s /some/path?q=1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nAccept-Encoding: gzip, br\r\nCookie: session=0123456789abcdef\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, host, bodyBytes);
    socket
        .getOutputStream()
        .write((head + "x".repeat(bodyBytes)).getBytes(StandardCharsets.US_ASCII));
    return answer(new BufferedInputStream(socket.getInputStream()));
  }

  private static int answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("answer: " + head);
      }
      head.append((char) next);
    }
    String fields = head.toString().toLowerCase(java.util.Locale.ROOT);
    int at = fields.indexOf("content-length: ");
    if (at >= 0) {
      int length = Integer.parseInt(fields.substring(at + 16, fields.indexOf('\r', at)));
      in.skipNBytes(length);
    }
    return Integer.parseInt(head.substring(9, 12));
  }
}
