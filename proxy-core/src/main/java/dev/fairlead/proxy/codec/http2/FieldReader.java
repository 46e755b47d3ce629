package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Octets;
import dev.fairlead.proxy.message.RawRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request's head, or the trailers behind its body, of the fields of a header block, and
 * checks what RFC 9113 §8.2 and §8.3 ask of them; the rules of every version are not applied yet.
 * For one header block. Event loop only.
 */
final class FieldReader implements FieldSink {

  /** What a field counts beside its bytes (RFC 9113 §10.5.1). */
  static final int FIELD_BYTES = 32;

  private final Authorities authorities;
  private final LimitSettings limits;
  private final boolean inTrailers;
  private final Headers headers = new Headers();
  private boolean malformed;
  private boolean regular;
  private boolean scheme;
  private boolean pathTooLong;
  private int bytes;
  private int count;
  private @Nullable String method;
  private @Nullable String path;
  private @Nullable String authority;
  private @Nullable String protocol;
  private @Nullable StringBuilder cookies;
  private int cookie = -1;

  FieldReader(Authorities authorities, LimitSettings limits, boolean inTrailers) {
    this.authorities = authorities;
    this.limits = limits;
    this.inTrailers = inTrailers;
    this.regular = inTrailers;
  }

  @Override
  public void field(
      byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    bytes += nameLength + valueLength + FIELD_BYTES;
    if (valueLength > limits.uriLength() && isPath(name, nameAt, nameLength)) {
      pathTooLong = true;
    }
    if (malformed || isTooLarge()) {
      return;
    }
    if (!isValue(value, valueAt, valueLength)) {
      malformed = true;
    } else if (nameLength > 0 && name[nameAt] == ':') {
      pseudo(name, nameAt, nameLength, value, valueAt, valueLength);
    } else if (isName(name, nameAt, nameLength)) {
      regular = true;
      headers.add(name, nameAt, nameLength, value, valueAt, valueLength);
      count++;
      added(headers.size() - 1);
    } else {
      malformed = true;
    }
  }

  /** Whether the client broke a rule of HTTP/2 (RFC 9113 §8.1.1). */
  boolean isMalformed() {
    return malformed;
  }

  /** Whether there is more than {@link LimitSettings} allow; the rest was dropped. */
  boolean isTooLarge() {
    return bytes > limits.headerBytes() || count > limits.headerCount();
  }

  /** Why a head that is not malformed is answered at once; null when it is not. */
  @Nullable Failure failure() {
    if (pathTooLong) {
      return Failure.URI_TOO_LONG;
    }
    return isTooLarge() ? Failure.HEADERS_TOO_LARGE : null;
  }

  /** The fields without pseudo-fields; {@code cookie} is one (RFC 9113 §8.2.3). */
  Headers headers() {
    if (cookies != null) {
      headers.set("cookie", cookies.toString());
      cookies = null;
    }
    return headers;
  }

  /** Whether it is a request that is answered without a body, as far as it was read. */
  boolean isToHead() {
    return "HEAD".equals(method);
  }

  /** The head that the block was; null when it is malformed. */
  @Nullable RawRequest request(boolean endStream) {
    if (malformed || method == null || !hasItsPseudoFields(method)) {
      return null;
    }
    return new RawRequest(
        RawRequest.Version.HTTP_2,
        method,
        path == null ? "" : path,
        authority,
        headers(),
        !endStream,
        protocol);
  }

  /** What the head says of the body's length; -1 when nothing, or nothing sensible. */
  long contentLength() {
    return Math.max(-1, ContentLength.of(headers));
  }

  // RFC 9113 §8.3.1 and §8.5, RFC 8441 §4.
  private boolean hasItsPseudoFields(String of) {
    boolean connect = of.equals("CONNECT");
    if (connect && protocol == null) {
      return !scheme && path == null && authority != null;
    }
    boolean all = scheme && path != null && !path.isEmpty();
    return connect ? all && authority != null : all && protocol == null;
  }

  private void pseudo(
      byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
    if (regular) {
      malformed = true;
      return;
    }
    switch (PseudoField.of(name, nameAt, nameLength)) {
      case METHOD -> {
        malformed = method != null;
        method = Methods.text(value, valueAt, valueLength);
      }
      case PATH -> {
        malformed = path != null;
        path = text(value, valueAt, valueLength);
      }
      case SCHEME -> {
        malformed = scheme || valueLength == 0;
        scheme = true;
      }
      case AUTHORITY -> {
        malformed = authority != null;
        authority = authorities.text(value, valueAt, valueLength);
      }
      case PROTOCOL -> {
        malformed = protocol != null || valueLength == 0;
        protocol = text(value, valueAt, valueLength);
      }
      case UNKNOWN -> malformed = true;
    }
  }

  private static boolean isPath(byte[] name, int nameAt, int nameLength) {
    return nameLength > 0
        && name[nameAt] == ':'
        && PseudoField.of(name, nameAt, nameLength) == PseudoField.PATH;
  }

  private void added(int field) {
    FieldName known = headers.known(field);
    if (known == FieldName.OTHER) {
      return;
    }
    // About the connection itself, of which HTTP/2 speaks in frames (RFC 9113 §8.2.2).
    if (StreamOutput.OF_CONNECTION.contains(known)) {
      malformed = true;
    } else if (known == FieldName.TE) {
      malformed = inTrailers || !headers.valueIs(field, "trailers");
    } else if (known == FieldName.COOKIE) {
      cookie(field);
    }
  }

  // A client may cut it into pieces, for its table; they count as one. Most send one. Empty ones
  // say nothing, and a space at the end of the whole would be none of the value (RFC 9110 §5.5).
  private void cookie(int field) {
    if (cookie < 0) {
      cookie = field;
      return;
    }
    count--;
    if (cookies == null) {
      cookies = new StringBuilder(headers.value(cookie));
    }
    if (headers.valueLength(field) > 0) {
      cookies.append(cookies.isEmpty() ? "" : "; ").append(headers.value(field));
    }
  }

  static boolean isName(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Octets.isLowerCaseToken(bytes[i])) {
        return false;
      }
    }
    return length > 0;
  }

  // RFC 9113 §8.2.1.
  static boolean isValue(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Octets.isInValue(bytes[i])) {
        return false;
      }
    }
    return length == 0 || !(isSpace(bytes[at]) || isSpace(bytes[at + length - 1]));
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }
}
