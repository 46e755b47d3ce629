package dev.fairlead.proxy.forward;

import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;

/**
 * A process of its own that is a client, a proxy and an app, and lets a body pass between them. Its
 * last line says how many bytes have arrived.
 */
final class LargeTransfer {

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final byte[] PIECE = new byte[64 * 1024];

  private LargeTransfer() {}

  /** How the client speaks, and what it does. */
  enum Kind {
    HTTP_1_DOWNLOAD,
    HTTP_1_UPLOAD,
    TLS_DOWNLOAD,
    TLS_UPLOAD,
    HTTP_2_DOWNLOAD,
    HTTP_2_UPLOAD
  }

  /**
   * Lets one body pass.
   *
   * @param arguments a {@link Kind}, and a number of bytes
   */
  public static void main(String[] arguments) throws Exception {
    Kind kind = Kind.valueOf(arguments[0]);
    long bytes = Long.parseLong(arguments[1]);
    try (Origin app = Origin.scripted(LargeTransfer::serve);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app))) {
      System.out.println(
          switch (kind) {
            case HTTP_1_DOWNLOAD, TLS_DOWNLOAD -> download(proxy, kind, bytes);
            case HTTP_1_UPLOAD, TLS_UPLOAD -> upload(proxy, kind, bytes);
            case HTTP_2_DOWNLOAD -> downloadByHttp2(proxy, bytes);
            case HTTP_2_UPLOAD -> uploadByHttp2(proxy, bytes);
          });
    }
    System.exit(0);
  }

  /** Sends as many bytes as the path says; or counts those that come, if there are any. */
  private static void serve(Wire connection) throws IOException {
    Message head = connection.readHead();
    if (head.method().equals("PUT")) {
      long length = Long.parseLong(head.value("content-length"));
      Origin.ok(connection, Long.toString(connection.skip(length)));
    } else {
      long length = Long.parseLong(head.target().substring(1));
      connection.head("HTTP/1.1 200 OK", "Content-Length: " + length);
      send(connection, length);
    }
  }

  private static void send(Wire connection, long bytes) throws IOException {
    for (long sent = 0; sent < bytes; sent += PIECE.length) {
      connection.send(PIECE);
    }
  }

  private static Wire connect(ProxyFixture proxy, Kind kind) throws IOException {
    boolean tls = kind == Kind.TLS_DOWNLOAD || kind == Kind.TLS_UPLOAD;
    return tls ? proxy.connectTls("a.test") : proxy.connect();
  }

  private static long download(ProxyFixture proxy, Kind kind, long bytes) throws IOException {
    try (Wire client = connect(proxy, kind)) {
      client.get("a.test", "/" + bytes).readHead();
      return client.skip(bytes);
    }
  }

  private static long upload(ProxyFixture proxy, Kind kind, long bytes) throws IOException {
    try (Wire client = connect(proxy, kind)) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: " + bytes);
      send(client, bytes);
      return Long.parseLong(client.read().body());
    }
  }

  private static long downloadByHttp2(ProxyFixture proxy, long bytes) throws Exception {
    try (Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/" + bytes).forget();
      await().atMost(LIMIT).until(() -> exchange.received() == bytes);
      return exchange.received();
    }
  }

  private static long uploadByHttp2(ProxyFixture proxy, long bytes) throws Exception {
    try (Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange =
          client.ask("PUT", "/", false, "content-length", Long.toString(bytes));
      for (long sent = 0; sent < bytes; sent += PIECE.length) {
        exchange.sendAndWait(PIECE);
      }
      exchange.endBody();
      return Long.parseLong(exchange.body());
    }
  }
}
