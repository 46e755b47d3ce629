package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which header fields cross the proxy. Fields about one connection stay on it (RFC 9110 §7.6.1);
 * fields that the proxy owns are removed and set by it, and no app gets a name that it could take
 * for one of all these.
 */
public final class FieldRules {

  private static final FieldNames HOP_BY_HOP =
      FieldNames.of(
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TE,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE,
          FieldName.HTTP2_SETTINGS);

  private static final FieldNames NOT_TO_UPSTREAM =
      HOP_BY_HOP.and(FieldName.OWNED).and(FieldNames.of(FieldName.LOOKALIKE));

  /**
   * Fields that say what must be known before the body (RFC 9110 §6.5.1), and what is no trailer.
   */
  private static final FieldNames NEVER_TRAILERS =
      NOT_TO_UPSTREAM.and(
          FieldNames.of(
              FieldName.AUTHORIZATION,
              FieldName.CONTENT_ENCODING,
              FieldName.CONTENT_LENGTH,
              FieldName.CONTENT_RANGE,
              FieldName.CONTENT_TYPE,
              FieldName.COOKIE,
              FieldName.HOST,
              FieldName.SET_COOKIE,
              FieldName.TRAILER));

  private static final FieldNames FRAMING = FieldNames.of(FieldName.CONTENT_LENGTH);
  private static final FieldNames EXPECT = FieldNames.of(FieldName.EXPECT);
  private static final FieldNames HOST = FieldNames.of(FieldName.HOST);

  /**
   * What {@code Connection} names without effect: options and fields that go anyway, and fields
   * that a client must not be able to remove.
   */
  private static final Set<String> NOT_BY_NAME =
      Set.of(
          "",
          "close",
          "keep-alive",
          "upgrade",
          "te",
          "host",
          "content-length",
          "content-type",
          "cookie",
          "authorization",
          "traceparent",
          "tracestate");

  private FieldRules() {}

  /**
   * Makes the head that goes to the endpoint out of the one that came; changes its headers. A
   * length that is known is in them afterwards.
   *
   * @param identity of the same request
   */
  public static RequestHead toUpstream(RequestHead head, Identity identity, String path) {
    Headers headers = head.headers();
    boolean trailers = headers.hasToken(FieldName.TE, "trailers");
    removeNamedByConnection(headers);
    headers.removeAll(NOT_TO_UPSTREAM);
    if (head.version() == RawRequest.Version.HTTP_1_0) {
      // Who says it there knows no 100, and does not wait for one (RFC 9110 §10.1.1).
      headers.removeAll(EXPECT);
    }
    host(headers, head.authority());
    length(headers, head);
    identity.toUpstream(headers, head);
    if (head.upgrade() != null) {
      headers.add("Connection", "Upgrade");
      headers.add("Upgrade", head.upgrade());
    } else if (trailers) {
      // Whoever sends one names it as one of the connection (RFC 9110 §10.1.4).
      headers.add("Connection", "TE");
      headers.add("TE", "trailers");
    }
    return head.withPath(path);
  }

  private static void host(Headers headers, String authority) {
    int host = headers.find(FieldName.HOST);
    if (host < 0 || !headers.valueIs(host, authority)) {
      headers.removeAll(HOST);
      headers.add("Host", authority);
    }
  }

  private static void length(Headers headers, RequestHead head) {
    String length = Long.toString(head.contentLength());
    int field = headers.find(FieldName.CONTENT_LENGTH);
    if (field >= 0 && headers.valueIs(field, length)) {
      return;
    }
    headers.removeAll(FRAMING);
    if (head.contentLength() > 0 || (!head.hasBody() && expectsBody(head.method()))) {
      headers.add("Content-Length", length);
    }
  }

  // Where a body is usual, its absence is said (RFC 9110 §8.6).
  private static boolean expectsBody(String method) {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }

  /** Removes from a response what is about the connection to the endpoint only. */
  public static void toClient(Headers headers) {
    removeNamedByConnection(headers);
    headers.removeAll(HOP_BY_HOP);
  }

  /**
   * Removes from the fields behind a body what may stand only before it, and what is the proxy's.
   */
  public static void trailers(Headers trailers) {
    trailers.removeAll(NEVER_TRAILERS);
  }

  // In time that grows with the head, however many names and fields it has.
  private static void removeNamedByConnection(Headers headers) {
    if (!headers.has(FieldName.CONNECTION) || hasUsualConnection(headers)) {
      return;
    }
    Set<String> named = new HashSet<>();
    for (int i = 0; i < headers.size(); i++) {
      if (headers.known(i) == FieldName.CONNECTION) {
        for (String token : headers.value(i).split(",", -1)) {
          named.add(token.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    named.removeAll(NOT_BY_NAME);
    if (!named.isEmpty()) {
      headers.removeIf((name, value) -> named.contains(name.toLowerCase(Locale.ROOT)));
    }
  }

  // Most of the time it says one word, and no set is needed to see what it means.
  private static boolean hasUsualConnection(Headers headers) {
    int field = headers.find(FieldName.CONNECTION);
    return !headers.hasSeveral(FieldName.CONNECTION)
        && (headers.valueIs(field, "keep-alive")
            || headers.valueIs(field, "close")
            || headers.valueIs(field, "Keep-Alive")
            || headers.valueIs(field, "Upgrade"));
  }
}
