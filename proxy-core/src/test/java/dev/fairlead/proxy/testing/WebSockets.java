package dev.fairlead.proxy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The two ends of a WebSocket's handshake. What follows it is bytes to the proxy. */
public final class WebSockets {

  private WebSockets() {}

  /** Asks for one by HTTP/2 (RFC 8441), or for another protocol in the same way. */
  public static Http2Wire.Exchange connect(
      Http2Wire client, String host, String path, String protocol) throws Exception {
    return client.request(
        false,
        ":method",
        "CONNECT",
        ":protocol",
        protocol,
        ":scheme",
        "https",
        ":authority",
        host,
        ":path",
        path,
        "sec-websocket-version",
        "13",
        "sec-websocket-key",
        "the client's own is of no use");
  }

  /** Agrees to one, as an app does (RFC 6455 §4.2.2). */
  public static void agree(Wire connection, Message request, String... fields) throws IOException {
    StringBuilder head =
        new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n")
            .append("Upgrade: websocket\r\nSec-WebSocket-Accept: ")
            .append(proof(request.value("sec-websocket-key")))
            .append("\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    connection.send(head.append("\r\n").toString());
  }

  private static String proof(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-1", e);
    }
  }
}
