package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.codec.hpack.HpackDecoder;
import dev.fairlead.proxy.codec.hpack.HpackException;
import dev.fairlead.proxy.codec.http1.ForwardedRequest;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.testing.TestLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A header block that a client sends over HTTP/2, as the head of a request and as trailers: refused
 * when RFC 9113 §8.2 and §8.3 call it malformed and not otherwise; cookies are joined; and what an
 * app gets of it over HTTP/1.1 says one thing only.
 */
public final class Http2RequestFuzzer {

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
  private static final Set<String> PSEUDO =
      Set.of(":method", ":scheme", ":authority", ":path", ":protocol");
  private static final Set<String> OWN =
      Set.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "x-request-id");

  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /** Smaller than those in use, so that inputs reach them. */
  private static final LimitSettings LIMITS =
      new TestLimits().headerBytes(4096).headerCount(16).uriLength(256).settings();

  private record Field(String name, String value) {}

  private Http2RequestFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<Field> fields = fields(input);
    if (fields != null) {
      head(input, fields, true);
      head(input, fields, false);
      trailers(input, fields);
    }
  }

  private static @Nullable List<Field> fields(byte[] block) {
    List<Field> fields = new ArrayList<>();
    boolean read =
        decode(
            block,
            (name, nameAt, nameLength, value, valueAt, valueLength) ->
                fields.add(
                    new Field(text(name, nameAt, nameLength), text(value, valueAt, valueLength))));
    return read ? fields : null;
  }

  private static boolean decode(byte[] block, FieldSink sink) {
    try {
      new HpackDecoder(Limits.TABLE_BYTES).decode(block, 0, block.length, sink);
      return true;
    } catch (HpackException e) {
      return false;
    }
  }

  private static void head(byte[] block, List<Field> fields, boolean endStream) {
    FieldReader reader = new FieldReader(new Authorities(), LIMITS, false);
    decode(block, reader);
    if (isTooLarge(fields)) {
      holds(reader.isTooLarge() || reader.isMalformed(), "what is too large is refused");
      return;
    }
    holds(!reader.isTooLarge(), "what is not too large is read");
    RawRequest raw = reader.request(endStream);
    same(raw != null, isRequest(fields), "a request that is well-formed");
    if (raw == null) {
      return;
    }
    same(raw.method(), value(fields, ":method"), "the method");
    same(raw.authority(), value(fields, ":authority"), "the authority");
    String path = orEmpty(value(fields, ":path"));
    same(raw.target(), path, "the path");
    same(
        reader.failure(),
        path.length() > LIMITS.uriLength() ? Failure.URI_TOO_LONG : null,
        "why it is answered at once");
    same(raw.protocol(), value(fields, ":protocol"), "the protocol");
    same(lines(raw.headers(), false), regular(fields), "the fields that are no cookies");
    same(lines(raw.headers(), true), cookie(fields), "the cookies in one field");
    RequestHead head;
    try {
      head = RequestRules.check(raw, ForwardedRequest.CLIENT);
    } catch (RejectedRequest e) {
      return;
    }
    boolean webSocket = raw.protocol() != null;
    same(head.upgrade(), webSocket ? "websocket" : null, "the protocol that is switched to");
    same(head.method(), webSocket ? "GET" : raw.method(), "the method of HTTP/1.1");
    holds(!webSocket || head.contentLength() == 0, "what is no HTTP is no body (RFC 8441 §5)");
    holds(!endStream || head.contentLength() == 0, "no body follows the end of the stream");
    ForwardedRequest.check(head);
  }

  private static void trailers(byte[] block, List<Field> fields) {
    FieldReader reader = new FieldReader(new Authorities(), LIMITS, true);
    decode(block, reader);
    if (isTooLarge(fields)) {
      holds(reader.isTooLarge() || reader.isMalformed(), "trailers that are too large");
      return;
    }
    same(!reader.isMalformed(), areTrailers(fields), "trailers that are well-formed");
    if (!reader.isMalformed()) {
      Headers trailers = reader.headers();
      FieldRules.trailers(trailers);
      for (int i = 0; i < trailers.size(); i++) {
        String name = trailers.name(i);
        holds(
            !Set.of("host", "content-length", "cookie", "authorization", "te").contains(name),
            "what rules a request stands before its body: " + name);
        holds(!OWN.contains(name.replaceAll("[^a-z0-9]", "-")), "an own field: " + name);
      }
    }
  }

  // ---- RFC 9113 §8.2 and §8.3, RFC 8441 §4, all fields at hand

  private static boolean isRequest(List<Field> fields) {
    String method = value(fields, ":method");
    String path = value(fields, ":path");
    boolean scheme = value(fields, ":scheme") != null;
    if (method == null || !areFields(fields) || !pseudoFieldsAreRight(fields)) {
      return false;
    }
    boolean authority = value(fields, ":authority") != null;
    boolean protocol = value(fields, ":protocol") != null;
    boolean connect = method.equals("CONNECT");
    if (connect && !protocol) {
      return path == null && !scheme && authority;
    }
    return path != null
        && !path.isEmpty()
        && scheme
        && protocol == connect
        && (authority || !connect);
  }

  private static boolean pseudoFieldsAreRight(List<Field> fields) {
    boolean regular = false;
    List<String> seen = new ArrayList<>();
    for (Field field : fields) {
      if (field.name.startsWith(":")) {
        boolean right = !regular && PSEUDO.contains(field.name) && !seen.contains(field.name);
        boolean mayBeEmpty = !field.name.equals(":scheme") && !field.name.equals(":protocol");
        if (!right || (field.value.isEmpty() && !mayBeEmpty)) {
          return false;
        }
        seen.add(field.name);
      } else {
        regular = true;
      }
    }
    return true;
  }

  private static boolean areTrailers(List<Field> fields) {
    return areFields(fields)
        && fields.stream()
            .noneMatch(field -> field.name.startsWith(":") || field.name.equals("te"));
  }

  private static boolean areFields(List<Field> fields) {
    return fields.stream()
        .allMatch(
            field ->
                (field.name.startsWith(":") || field.name.matches(TOKEN))
                    && isValue(field.value)
                    && !OF_CONNECTION.contains(field.name)
                    && (!field.name.equals("te") || field.value.equals("trailers")));
  }

  private static boolean isValue(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f))
        && !value.matches("(?s)[ \t].*|.*[ \t]");
  }

  // All cookies count as one field.
  private static boolean isTooLarge(List<Field> fields) {
    int bytes =
        fields.stream().mapToInt(field -> field.name.length() + field.value.length() + 32).sum();
    int count = regular(fields).size() + cookie(fields).size();
    return bytes > LIMITS.headerBytes() || count > LIMITS.headerCount();
  }

  private static List<String> regular(List<Field> fields) {
    return fields.stream()
        .filter(field -> !field.name.startsWith(":") && !field.name.equals("cookie"))
        .map(field -> field.name + ":" + field.value)
        .toList();
  }

  // RFC 9113 §8.2.3.
  private static List<String> cookie(List<Field> fields) {
    List<String> crumbs =
        fields.stream().filter(field -> field.name.equals("cookie")).map(Field::value).toList();
    List<String> some = crumbs.stream().filter(crumb -> !crumb.isEmpty()).toList();
    return crumbs.isEmpty() ? List.of() : List.of("cookie:" + String.join("; ", some));
  }

  private static List<String> lines(Headers headers, boolean cookies) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      if (cookies == (headers.known(i) == FieldName.COOKIE)) {
        lines.add(headers.name(i) + ":" + headers.value(i));
      }
    }
    return lines;
  }

  private static @Nullable String value(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name.equals(name))
        .map(Field::value)
        .findFirst()
        .orElse(null);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }
}
