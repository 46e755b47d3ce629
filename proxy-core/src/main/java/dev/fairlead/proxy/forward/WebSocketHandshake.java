package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.message.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The handshake of HTTP/1.1 that stands for a WebSocket that was asked for by HTTP/2, which has
 * none of its own (RFC 6455 §4.1, RFC 8441 §5).
 */
final class WebSocketHandshake {

  private static final String KEY = "Sec-WebSocket-Key";
  private static final String ACCEPT = "Sec-WebSocket-Accept";

  /** RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final String key;

  private WebSocketHandshake(String key) {
    this.key = key;
  }

  /** Asks for it in the head of a request. */
  static WebSocketHandshake begin(Headers request) {
    byte[] nonce = new byte[16];
    // It is no secret: it only shows that the app has read this request (RFC 6455 §10.8).
    ThreadLocalRandom.current().nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    request.set(KEY, key);
    return new WebSocketHandshake(key);
  }

  /** Whether the app has agreed to just this; its proof is taken out of the answer. */
  boolean isAgreed(Headers answer) {
    boolean agreed = answer.count(ACCEPT) == 1 && accept().equals(answer.get(ACCEPT));
    answer.remove(ACCEPT);
    return agreed;
  }

  private String accept() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
