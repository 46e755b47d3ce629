package dev.fairlead.acme.pebble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import dev.fairlead.acme.pem.Pem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Passes requests on to a server at 127.0.0.1 with the Host they came with, which the JDK's clients
 * set themselves. By HTTP/1.0: a connection for each, and a body that ends with it.
 */
final class Forwarder {

  /** A header field. */
  record Field(String name, String value) {}

  /**
   * What came back, without the fields that are about the connection.
   *
   * @param body its bytes, a character each
   */
  record Answer(int status, List<Field> fields, String body) {}

  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "content-length", "transfer-encoding", "date");

  private final SSLContext context;
  private final int port;

  Forwarder(SSLContext context, int port) {
    this.context = context;
    this.port = port;
  }

  /** To listen like a Pebble, and to trust it. */
  static SSLContext context(Pebble pebble) throws IOException, GeneralSecurityException {
    X509Certificate certificate = Pem.certificates(Files.readString(pebble.caFile())).getFirst();
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setKeyEntry(
        "key",
        Pem.privateKey(Files.readString(pebble.keyFile())),
        new char[0],
        new X509Certificate[] {certificate});
    keys.setCertificateEntry("pebble", certificate);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, new char[0]);
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  Answer forward(HttpExchange exchange, byte[] body) throws IOException {
    return forward(
        exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange, body);
  }

  /** As {@link #forward(HttpExchange, byte[])}, with another method and path. */
  Answer forward(String method, String path, HttpExchange exchange, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder("%s %s HTTP/1.0\r\n".formatted(method, path));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!isOfTheConnection(name)) {
                values.forEach(value -> head.append(name + ": " + value + "\r\n"));
              }
            });
    head.append("Content-Length: %d\r\nConnection: close\r\n\r\n".formatted(body.length));
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head.toString().getBytes(ISO_8859_1));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      socket.getOutputStream().flush();
      return parse(socket.getInputStream().readAllBytes());
    }
  }

  private static Answer parse(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    List<String> lines = text.substring(0, end).lines().toList();
    List<Field> fields = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      if (!isOfTheConnection(name)) {
        fields.add(new Field(name, line.substring(colon + 1).strip()));
      }
    }
    return new Answer(
        Integer.parseInt(lines.getFirst().substring(9, 12)), fields, text.substring(end + 4));
  }

  private static boolean isOfTheConnection(String name) {
    return OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT));
  }
}
