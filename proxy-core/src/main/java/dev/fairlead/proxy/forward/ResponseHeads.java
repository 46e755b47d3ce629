package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Passes the heads of an endpoint's answer on to the client, in the form that it may see, and
 * refuses those that it may not. Event loop only.
 */
final class ResponseHeads {

  /** What became of a head. */
  enum Outcome {
    /** The client knows, and the answer is still to come. */
    INFORMED,
    ANSWERED,
    /** What follows on both sides are bytes of another protocol. */
    SWITCHED,
    /** It can't be passed on, and nothing of it was written. */
    REFUSED
  }

  /** Nothing stops an app that sends more of them than the client reads. */
  private static final int MAX_INFORMATIONAL = 16;

  private final ClientStream client;
  private final RequestHead request;
  private final @Nullable WebSocketHandshake handshake;
  private final ExchangeRecord record;
  private @Nullable String cookie;
  private int informational;

  /**
   * @param handshake with the app, where the client asked for a WebSocket by HTTP/2
   */
  ResponseHeads(
      ClientStream client,
      RequestHead request,
      @Nullable WebSocketHandshake handshake,
      ExchangeRecord record) {
    this.client = client;
    this.request = request;
    this.handshake = handshake;
    this.record = record;
  }

  /** What the client is told with the answer; null for nothing. */
  void cookie(@Nullable String text) {
    cookie = text;
  }

  Outcome pass(ResponseHead head) {
    try {
      if (head.status() == 101) {
        return switchProtocols(head);
      }
      return head.isInformational() ? inform(head) : respond(head);
    } catch (IllegalArgumentException notForTheWire) {
      record.detail(notForTheWire);
      return Outcome.REFUSED;
    }
  }

  private Outcome inform(ResponseHead head) {
    if (++informational > MAX_INFORMATIONAL) {
      return Outcome.REFUSED;
    }
    FieldRules.toClient(head.headers());
    client.inform(head);
    return Outcome.INFORMED;
  }

  private Outcome respond(ResponseHead head) {
    if (handshake != null && head.status() < 300) {
      // The client of HTTP/2 would take it for the agreement (RFC 8441 §5).
      return Outcome.REFUSED;
    }
    toClient(head);
    client.respond(head);
    record.answered(head.status());
    record.noDetail();
    return Outcome.ANSWERED;
  }

  private void toClient(ResponseHead head) {
    FieldRules.toClient(head.headers());
    record.identity().toClient(head.headers());
    if (cookie != null) {
      head.headers().add("Set-Cookie", cookie);
    }
  }

  private Outcome switchProtocols(ResponseHead head) {
    String protocol = head.headers().get("upgrade");
    // Only what the client asked for: it is no protocol that is HTTP again (RFC 9110 §7.8).
    if (protocol == null
        || !protocol.equalsIgnoreCase(request.upgrade())
        || (handshake != null && !handshake.isAgreed(head.headers()))) {
      return Outcome.REFUSED;
    }
    toClient(head);
    if (handshake == null) {
      head.headers().add("Connection", "Upgrade").add("Upgrade", protocol);
    }
    record.answered(handshake == null ? 101 : 200);
    record.noDetail();
    client.switchProtocols(head);
    return Outcome.SWITCHED;
  }
}
