package dev.fairlead.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One TLS connection that stays open; takes any certificate, and says which one it was. */
final class TlsVisitor implements AutoCloseable {

  private final SSLSocket socket;
  private final String host;

  /**
   * @param host the server name; empty for none
   * @param protocols that are offered (ALPN), if any
   */
  TlsVisitor(InetSocketAddress address, String host, String... protocols) throws IOException {
    this.host = host;
    this.socket = (SSLSocket) context().getSocketFactory().createSocket();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    socket.connect(address, 20_000);
    socket.startHandshake();
  }

  /** The certificate of a new connection. */
  static X509Certificate certificate(InetSocketAddress address, String host) throws IOException {
    try (TlsVisitor visitor = new TlsVisitor(address, host)) {
      return visitor.certificate();
    }
  }

  X509Certificate certificate() throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** Asks for a page whose answer has this body, and leaves the connection open. */
  String get(String body) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(host)
                .getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf(body) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + answer);
      }
      answer.append((char) next);
    }
    return answer.toString();
  }

  private static SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Which certificate it is is looked at by the test. */
  private static final class Anybody implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
