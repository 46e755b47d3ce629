package dev.fairlead.proxy.http;

import dev.fairlead.config.bootstrap.ForwardedSettings.Header;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ConnectionEnds;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.Visitor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and what it is called wherever people look for it: in the app, in the access
 * log, in a trace, in the answer. Made by {@link Identification}. Event loop only.
 */
public final class Identity {

  private static final byte[] REQUEST_ID = ascii("X-Request-Id");
  private static final byte[] TRACE_PARENT = ascii("traceparent");
  private static final byte[] FORWARDED_HOST = ascii("X-Forwarded-Host");

  private final Header header;
  private final ClientInfo client;
  private final Visitor visitor;

  private byte[] id = {};
  private int idAt;
  private int idLength;
  private byte @Nullable [] newTrace;
  private @Nullable String idText;
  private @Nullable String traceText;

  /**
   * @param header which fields say who asks
   */
  Identity(Header header, ClientInfo client, Visitor visitor) {
    this.header = header;
    this.client = client;
    this.visitor = visitor;
  }

  // ---- while it is found out

  /** It is called what the field says. */
  void id(Headers headers, int field) {
    int at = headers.valueAt(field);
    id = Arrays.copyOfRange(headers.block(), at, at + headers.valueLength(field));
    idLength = id.length;
  }

  /** It is called like a trace. */
  void id(byte[] traceParent) {
    id = traceParent;
    idAt = TraceContext.TRACE_ID;
    idLength = TraceContext.TRACE_ID_LENGTH;
  }

  /** It is a part of the trace that the field names. */
  void trace(Headers headers, int field) {
    traceText = traceId(headers.block(), headers.valueAt(field));
  }

  /** It begins a trace. */
  void newTrace(byte[] traceParent) {
    newTrace = traceParent;
  }

  // ---- from then on

  /** Who asks, and for what. */
  public Visitor visitor() {
    return visitor;
  }

  /** The ends of the visitor's own connection, as far as they are known. */
  public @Nullable ConnectionEnds connectionEnds() {
    ConnectionEnds known = client.ends();
    return known == null || visitor.address().equals(client.address())
        ? known
        : new ConnectionEnds(
            new InetSocketAddress(InetAddress.ofLiteral(visitor.address()), 0), known.own());
  }

  /** The value of {@code X-Request-Id}. */
  public String requestId() {
    if (idText == null) {
      idText = new String(id, idAt, idLength, StandardCharsets.US_ASCII);
    }
    return idText;
  }

  /** The {@code trace-id} in 32 digits; null when the request is a part of no trace. */
  public @Nullable String traceId() {
    if (newTrace == null) {
      return traceText;
    }
    // Where both are new they are the same.
    return idAt == TraceContext.TRACE_ID ? requestId() : traceId(newTrace, 0);
  }

  private static String traceId(byte[] traceParent, int at) {
    return new String(
        traceParent,
        at + TraceContext.TRACE_ID,
        TraceContext.TRACE_ID_LENGTH,
        StandardCharsets.US_ASCII);
  }

  /** Tells an app. What others said in the same fields was removed. */
  void toUpstream(Headers headers, RequestHead head) {
    if (header != Header.FORWARDED) {
      xForwarded(headers, head);
    }
    if (header != Header.X_FORWARDED) {
      headers.add("Forwarded", Forwarded.write(visitor, head.authority()));
    }
    headers.add(REQUEST_ID, 0, REQUEST_ID.length, id, idAt, idLength);
    if (newTrace != null) {
      headers.add(TRACE_PARENT, 0, TRACE_PARENT.length, newTrace, 0, newTrace.length);
    }
  }

  private void xForwarded(Headers headers, RequestHead head) {
    if (client.trusted()) {
      headers.add("X-Forwarded-For", String.join(", ", visitor.chain()));
      headers.add("X-Real-IP", visitor.address());
      headers.add("X-Forwarded-Proto", visitor.secure() ? "https" : "http");
    } else {
      headers.addAll(client.forwarded());
    }
    if (visitor.host() == null) {
      headers.addCopy(FORWARDED_HOST, headers.find(FieldName.HOST));
    } else {
      headers.add("X-Forwarded-Host", visitor.host());
    }
    headers.add("X-Forwarded-Port", visitor.port() == null ? port(head) : visitor.port());
  }

  // The one that the visitor wrote, or the usual one.
  private String port(RequestHead head) {
    String authority = visitor.host() == null ? head.authority() : visitor.host();
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) {
      return authority.substring(colon + 1);
    }
    return visitor.secure() ? "443" : "80";
  }

  /** Tells the one who asks, unless the app has a name of its own for it. */
  public void toClient(Headers headers) {
    if (!headers.has(FieldName.X_REQUEST_ID)) {
      headers.add(REQUEST_ID, 0, REQUEST_ID.length, id, idAt, idLength);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
