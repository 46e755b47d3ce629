package dev.fairlead.proxy.http;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Octets;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be so that the proxy and every app read it in the same way. Each rule is
 * stated once, for every protocol version; codecs may refuse more, never less.
 */
public final class RequestRules {

  private static final int MAX_METHOD = 64;
  private static final int MAX_LENGTH_DIGITS = 18;

  private static final Pattern PROTOCOL =
      Pattern.compile("(?i)(?!(h2c|http|tls)(/|$))[!#$%&'*+.^_`|~0-9a-z-]+(/[0-9a-z.]+)?");

  /** What a client of HTTP/2 may ask to be connected to, and how HTTP/1.1 calls it. */
  private static final String WEBSOCKET = "websocket";

  private RequestRules() {}

  /**
   * Applies all rules.
   *
   * @return the head in the form that is matched and forwarded; its headers are those of {@code
   *     raw}
   * @throws RejectedRequest with the failure to answer
   */
  public static RequestHead check(RawRequest raw, ClientInfo client) throws RejectedRequest {
    if (!isToken(raw.method())) {
      throw bad("method is no token");
    }
    boolean webSocket = WEBSOCKET.equalsIgnoreCase(raw.protocol());
    if (raw.method().equals("CONNECT") && !webSocket) {
      throw new RejectedRequest(Failure.NOT_IMPLEMENTED, "CONNECT");
    }
    Target target = Target.parse(raw);
    Authority authority = authority(raw, target);
    if (client.serverName() != null && !client.serverName().equals(authority.host())) {
      throw new RejectedRequest(Failure.MISDIRECTED, "server name of TLS is not the host");
    }
    return new RequestHead(
        raw.version(),
        webSocket ? "GET" : raw.method(),
        authority.text(),
        authority.host(),
        target.path().equals("*") ? "*" : PathNormalizer.normalize(target.path()),
        target.query(),
        raw.headers(),
        webSocket ? noBody(raw) : contentLength(raw),
        webSocket ? WEBSOCKET : upgrade(raw));
  }

  // Exactly one host (RFC 9112 §3.2); where it is named twice, both must agree.
  private static Authority authority(RawRequest raw, Target target) throws RejectedRequest {
    if (raw.version() == Version.HTTP_2 && target.authority() != null) {
      throw bad("an address where HTTP/2 has a path");
    }
    Headers headers = raw.headers();
    if (headers.hasSeveral(FieldName.HOST)) {
      throw bad("more than one Host");
    }
    String inHeaders = headers.get(FieldName.HOST);
    String first = raw.authority() != null ? raw.authority() : target.authority();
    if (first == null) {
      if (inHeaders == null) {
        throw bad("no Host");
      }
      return Authority.parse(inHeaders);
    }
    Authority authority = Authority.parse(first);
    if (inHeaders != null && !Authority.parse(inHeaders).equals(authority)) {
      throw bad("Host is not the host of the target");
    }
    return authority;
  }

  // RFC 9112 §6.3: one way to tell where the body ends, or none.
  private static long contentLength(RawRequest raw) throws RejectedRequest {
    Headers headers = raw.headers();
    String length = headers.get(FieldName.CONTENT_LENGTH);
    String coding = headers.get(FieldName.TRANSFER_ENCODING);
    if (headers.hasSeveral(FieldName.CONTENT_LENGTH)
        || headers.hasSeveral(FieldName.TRANSFER_ENCODING)) {
      throw bad("framing field sent twice");
    }
    if (coding != null) {
      if (length != null || raw.version() != Version.HTTP_1_1) {
        throw bad("Transfer-Encoding beside Content-Length or not in HTTP/1.1");
      }
      if (!coding.strip().equalsIgnoreCase("chunked")) {
        throw bad("Transfer-Encoding is not chunked");
      }
      return RequestHead.CHUNKED;
    }
    if (length == null) {
      return raw.bodyFollows() && raw.version() == Version.HTTP_2 ? RequestHead.CHUNKED : 0;
    }
    if (!isNumber(length)) {
      throw bad("Content-Length is no number");
    }
    long bytes = Long.parseLong(length);
    if (bytes > 0 && !raw.bodyFollows()) {
      throw bad("Content-Length of a body that does not follow");
    }
    return bytes;
  }

  // What follows are bytes of the protocol, in the place of a body (RFC 8441 §5).
  private static long noBody(RawRequest raw) throws RejectedRequest {
    if (raw.headers().has(FieldName.CONTENT_LENGTH)) {
      throw bad("Content-Length where no body can be");
    }
    return 0;
  }

  // One protocol, and none that is HTTP again: what came by it would pass no rule (h2c smuggling).
  // A server may ignore the field (RFC 9110 §7.8), and so does the proxy then.
  private static @Nullable String upgrade(RawRequest raw) {
    Headers headers = raw.headers();
    String protocol = headers.get(FieldName.UPGRADE);
    boolean asked =
        raw.version() == Version.HTTP_1_1
            && protocol != null
            && !raw.bodyFollows()
            && !headers.hasSeveral(FieldName.UPGRADE)
            && headers.hasToken(FieldName.CONNECTION, "upgrade");
    return asked && PROTOCOL.matcher(protocol).matches() ? protocol : null;
  }

  private static boolean isToken(String method) {
    if (method.isEmpty() || method.length() > MAX_METHOD) {
      return false;
    }
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (c > 0x7f || !Octets.isToken((byte) c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String length) {
    if (length.isEmpty() || length.length() > MAX_LENGTH_DIGITS) {
      return false;
    }
    for (int i = 0; i < length.length(); i++) {
      if (length.charAt(i) < '0' || length.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  static RejectedRequest bad(String detail) {
    return new RejectedRequest(Failure.BAD_REQUEST, detail);
  }
}
