package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.Identity;
import dev.fairlead.proxy.http.LocalResponse;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.RequestHead;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Writes an answer of the proxy's own. Event loop only. */
final class LocalAnswer {

  private LocalAnswer() {}

  static void write(ClientStream client, Identity identity, RequestHead head, Failure failure) {
    write(
        client,
        identity,
        LocalResponse.of(failure, head.headers().get(FieldName.ACCEPT), identity.requestId()),
        head.method().equals("HEAD"));
  }

  /**
   * @param toHead whether the request's method was HEAD: then there is no body (RFC 9110 §9.3.2)
   */
  static void write(
      ClientStream client, Identity identity, LocalResponse response, boolean toHead) {
    identity.toClient(response.head().headers());
    client.respond(response.head());
    if (!toHead && !response.body().isEmpty()) {
      client.write(Unpooled.copiedBuffer(response.body(), StandardCharsets.UTF_8));
    }
    client.end(null);
  }
}
