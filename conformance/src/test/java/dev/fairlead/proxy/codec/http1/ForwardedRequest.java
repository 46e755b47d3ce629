package dev.fairlead.proxy.codec.http1;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.http.FieldRules;
import dev.fairlead.proxy.http.Identification;
import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The head that an app gets for a request that passed the rules, in whatever protocol it came: its
 * bytes are taken apart here by hand, by Netty and by the proxy's own reader, and all three must
 * find the request that was meant.
 */
public final class ForwardedRequest {

  /** A stranger. */
  public static final ClientInfo CLIENT = new ClientInfo("192.0.2.1", true, null);

  /** What apps believe of a proxy, and may hear of ours only. */
  private static final Set<String> OWN =
      Set.of(
          "x-forwarded-for",
          "x-real-ip",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "forwarded",
          "x-request-id");

  private static final Set<String> NEVER =
      Set.of(
          "proxy",
          "x-forwarded",
          "x-forwarded-prefix",
          "x-forwarded-protocol",
          "x-forwarded-scheme",
          "x-forwarded-server",
          "x-forwarded-ssl",
          "keep-alive",
          "proxy-connection",
          "http2-settings");

  /** The names that the proxy knows, in lower case. */
  private static final Set<String> KNOWN =
      Stream.of(FieldName.values())
          .map(name -> name.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.toSet());

  private static final Pattern SIGN = Pattern.compile("[!#$%&'*+.^_`|~]");

  private static final Identification IDENTIFICATION =
      new Identification(
          TrustSettings.NOBODY,
          new ForwardedSettings(ForwardedSettings.Header.BOTH, ForwardedSettings.NewTrace.SAMPLED));

  private final RequestHead head;
  private final String wire;
  private final List<String> lines;

  private ForwardedRequest(RequestHead head, byte[] wire) {
    this.head = head;
    this.wire = new String(wire, StandardCharsets.ISO_8859_1);
    this.lines = List.of(this.wire.split("\r\n", -1));
  }

  /** Fails when what the app gets of it can be read in another way. Changes the head's fields. */
  public static void check(RequestHead head) {
    List<String> sent = HeadReading.fields(head.headers());
    Set<String> named = named(head.headers());
    byte[] wire = write(head);
    ForwardedRequest request = new ForwardedRequest(head, wire);
    request.isOneHead();
    request.saysWhoAsks();
    request.keepsAllOthers(sent, named);
    request.nettyReadsIt(wire);
    request.weReadIt(wire);
  }

  /** The bytes of the head that goes to the app. */
  static byte[] write(RequestHead head) {
    RequestHead toApp =
        FieldRules.toUpstream(head, IDENTIFICATION.of(head.headers(), CLIENT), head.path());
    EmbeddedChannel channel = new EmbeddedChannel();
    try {
      Http1Upstream upstream = new Http1Upstream(TestLimits.anyHeads());
      channel.pipeline().addLast(upstream);
      upstream.send(toApp, new ResponseEvents(ignored -> {}));
      return Wires.written(channel);
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  // By hand: one line, one field a line, and an empty one.
  private void isOneHead() {
    holds(wire.endsWith("\r\n\r\n"), "a head ends with an empty line");
    holds(wire.indexOf("\r\n\r\n") == wire.length() - 4, "there is one head");
    for (String line : lines) {
      holds(line.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), "lines end with CR LF");
    }
    same(
        lines.getFirst(),
        head.method() + " " + head.path() + head.query() + " HTTP/1.1",
        "the start line");
    same(lines.getFirst().split(" ", -1).length, 3, "the words of the start line");
    for (String field : fieldLines()) {
      int colon = field.indexOf(": ");
      holds(colon > 0, "a field has a name");
      holds(
          field.substring(0, colon).chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':'),
          "a field's name is a token");
    }
    same(values("host"), List.of(head.authority()), "Host");
    framing();
  }

  private void framing() {
    List<String> lengths = values("content-length");
    List<String> codings = values("transfer-encoding");
    holds(lengths.size() + codings.size() <= 1, "the end of the body is told once at most");
    if (head.contentLength() == RequestHead.CHUNKED) {
      same(codings, List.of("chunked"), "the framing of a body of unknown length");
    } else if (head.contentLength() > 0) {
      same(lengths, List.of(Long.toString(head.contentLength())), "the length of the body");
    } else {
      holds(codings.isEmpty(), "no body is no chunks");
      holds(lengths.isEmpty() || lengths.equals(List.of("0")), "no body has no length");
    }
  }

  private void saysWhoAsks() {
    for (String line : fieldLines()) {
      String name = name(line);
      String folded = SIGN.matcher(name).replaceAll("-");
      holds(!NEVER.contains(name), "the field stays on its connection: " + name);
      holds(folded.equals(name) || !KNOWN.contains(folded), "another spelling of " + folded);
    }
    for (String own : OWN) {
      same(values(own).size(), 1, own);
    }
    same(values("x-forwarded-for"), List.of(CLIENT.address()), "X-Forwarded-For");
    same(values("x-real-ip"), List.of(CLIENT.address()), "X-Real-IP");
    same(values("x-forwarded-proto"), List.of("https"), "X-Forwarded-Proto");
    same(values("x-forwarded-host"), List.of(head.authority()), "X-Forwarded-Host");
    holds(Wires.isPort(values("x-forwarded-port").getFirst()), "X-Forwarded-Port is a port");
    String host = head.authority().indexOf(':') < 0 ? "%s" : "\"%s\"";
    same(
        values("forwarded"),
        List.of(
            "for=%s;proto=https;host=".formatted(CLIENT.address())
                + host.formatted(head.authority())),
        "Forwarded");
    holds(values("x-request-id").getFirst().matches("[0-9a-f]{32}"), "X-Request-Id is ours");
    holds(values("traceparent").size() == 1, "a request is a part of one trace");
    if (head.upgrade() != null) {
      same(values("connection"), List.of("Upgrade"), "Connection");
      same(values("te"), List.of(), "TE");
    } else if (!values("te").isEmpty()) {
      same(values("connection"), List.of("TE"), "Connection");
      same(values("te"), List.of("trailers"), "TE");
    } else {
      same(values("connection"), List.of(), "Connection");
    }
    same(
        values("upgrade"), head.upgrade() == null ? List.of() : List.of(head.upgrade()), "Upgrade");
  }

  // What no rule speaks of arrives as it was sent, in its order.
  private void keepsAllOthers(List<String> sent, Set<String> named) {
    List<String> expected =
        sent.stream().filter(field -> isOther(field) && !named.contains(name(field))).toList();
    List<String> arrived =
        fieldLines().stream()
            .map(line -> line.replaceFirst(": ", ":"))
            .filter(ForwardedRequest::isOther)
            .toList();
    same(arrived, expected, "the fields that no rule speaks of");
  }

  private static boolean isOther(String field) {
    byte[] name = name(field).getBytes(StandardCharsets.ISO_8859_1);
    return FieldName.of(name, 0, name.length) == FieldName.OTHER;
  }

  private static Set<String> named(Headers headers) {
    return HeadReading.fields(headers).stream()
        .filter(field -> name(field).equals("connection"))
        .flatMap(field -> Stream.of(field.substring(field.indexOf(':') + 1).split(",", -1)))
        .map(token -> token.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private void nettyReadsIt(byte[] bytes) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      Object message = channel.readInbound();
      holds(message instanceof HttpRequest, "Netty reads a request");
      HttpRequest request = (HttpRequest) message;
      holds(request.decoderResult().isSuccess(), "Netty reads it: " + request.decoderResult());
      same(request.method().name(), head.method(), "the method that Netty reads");
      same(request.uri(), head.path() + head.query(), "the target that Netty reads");
      List<String> fields = new ArrayList<>();
      request.headers().forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
      same(fields, fieldLines(), "the fields that Netty reads");
      ReferenceCountUtil.release(message);
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private void weReadIt(byte[] bytes) {
    HeadReading.Head read =
        HeadReading.read(
            HeadParser.ofHeads(64 * 1024, 128 * 1024, 8192, TestLimits.anyHeads().share()), bytes);
    if (read == null) {
      throw new AssertionError("we cannot read what we have written");
    }
    try {
      RawRequest raw = RequestHeadFuzzer.raw(read, 64 * 1024);
      RequestHead again = RequestRules.check(raw, CLIENT);
      same(again.method(), head.method(), "the method");
      same(again.authority(), head.authority(), "the authority");
      same(again.host(), head.host(), "the host");
      same(again.path(), head.path(), "the path");
      same(again.query(), head.query(), "the query");
      same(again.contentLength(), head.contentLength(), "the length");
      same(again.upgrade(), head.upgrade(), "the protocol to switch to");
    } catch (MalformedMessageException | RejectedRequest e) {
      throw new AssertionError("we refuse what we have written", e);
    }
  }

  private List<String> fieldLines() {
    return lines.subList(1, lines.size() - 2);
  }

  private List<String> values(String name) {
    return fieldLines().stream()
        .filter(line -> name(line).equals(name))
        .map(line -> line.substring(line.indexOf(':') + 2))
        .toList();
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
  }
}
