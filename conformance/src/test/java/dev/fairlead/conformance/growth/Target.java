package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes connections to the proxy. Thread-safe. */
final class Target {

  /** How long the proxy may be silent. */
  private static final int LIMIT_MILLIS = 60_000;

  private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");

  private final int http;
  private final int https;
  private final SSLContext tls;

  Target(int http, int https) {
    this.http = http;
    this.https = https;
    try {
      tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new Anybody()}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A plain connection. */
  Line plain() throws IOException {
    Socket socket = connect(http);
    return new Line(socket, socket);
  }

  /** A connection to the TLS port, without TLS. */
  Line bare() throws IOException {
    Socket socket = connect(https);
    return new Line(socket, socket);
  }

  /** TLS that asks for HTTP/1.1. */
  Line secure(String host) throws IOException {
    Socket wire = connect(https);
    return new Line(handshake(wire, host, "http/1.1"), wire);
  }

  /** The same, by a whole handshake. */
  Line secureAnew(String host) throws IOException {
    Socket wire = connect(https);
    SSLSocket socket = handshake(wire, host, "http/1.1");
    socket.getSession().invalidate();
    return new Line(socket, wire);
  }

  /**
   * HTTP/2.
   *
   * @param window bytes that may come of each stream before it is read
   */
  Http2Line http2(String host, int window) throws IOException {
    Socket wire = connect(https);
    return new Http2Line(handshake(wire, host, "h2"), wire, window);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(ADDRESS, port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  private SSLSocket handshake(Socket wire, String host, String protocol) throws IOException {
    try {
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(wire, host, https, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      parameters.setServerNames(List.of(new SNIHostName(host)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      wire.close();
      throw e;
    }
  }

  /** The clients count what stays in the proxy; whose certificates it has is tested elsewhere. */
  private static final class Anybody extends X509ExtendedTrustManager {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
