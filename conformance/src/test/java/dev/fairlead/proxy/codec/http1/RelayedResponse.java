package dev.fairlead.proxy.codec.http1;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a client gets over HTTP/1 of a response that was read from an app: taken apart by hand and
 * by Netty, and both must find that response, once, and complete only when it is.
 */
final class RelayedResponse {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final TimeoutSettings TIMEOUTS =
      new TimeoutSettings(LONG, LONG, LONG, LONG, LONG, LONG);

  private static final Set<String> NEVER =
      Set.of("keep-alive", "proxy-connection", "te", "upgrade", "http2-settings");

  private final AppResponse response;
  private final boolean toHead;
  private final Version version;
  private String rest;

  private RelayedResponse(AppResponse response, boolean toHead, Version version, String wire) {
    this.response = response;
    this.toHead = toHead;
    this.version = version;
    this.rest = wire;
  }

  /** Fails when a client of this version can misread what it gets. */
  static void check(AppResponse response, boolean toHead, Version version) {
    byte[] wire = relay(response, toHead, version);
    RelayedResponse relayed =
        new RelayedResponse(
            response, toHead, version, new String(wire, StandardCharsets.ISO_8859_1));
    relayed.readByHand();
    relayed.readByNetty(wire);
  }

  private static byte[] relay(AppResponse response, boolean toHead, Version version) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(buffers);
    Deadlines deadlines = new Deadlines(channel.eventLoop(), TIMEOUTS);
    channel
        .pipeline()
        .addLast(
            new Http1Server(
                channel,
                ForwardedRequest.CLIENT,
                new RequestHandler() {
                  @Override
                  public void handle(ClientStream stream, RawRequest request) {
                    response.relayTo(stream, buffers);
                  }

                  @Override
                  public void refuse(ClientStream stream, Failure failure) {
                    throw new AssertionError("the request is right");
                  }
                },
                deadlines.of(channel.eventLoop()),
                new TestLimits().settings(),
                TestLimits.anyHeads(),
                () -> {}));
    String request =
        (toHead ? "HEAD" : "GET")
            + (version == Version.HTTP_1_0 ? " / HTTP/1.0" : " / HTTP/1.1")
            + "\r\nHost: a.test\r\n\r\n";
    channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    channel.runPendingTasks();
    channel.checkException();
    byte[] written = Wires.written(channel);
    channel.finishAndReleaseAll();
    buffers.allReleased();
    return written;
  }

  // ---- by hand

  private void readByHand() {
    for (int i = 0; i < response.heads().size(); i++) {
      int status = response.heads().get(i).status();
      if (status >= 200 || version == Version.HTTP_1_1) {
        List<String> lines = head();
        holds(
            lines.getFirst().startsWith("HTTP/1.1 " + status + " "),
            "the status is that of the app: " + lines.getFirst());
        fields(status, lines.subList(1, lines.size()));
      }
    }
    holds(rest.isEmpty() || response.hasFinalHead(), "nothing follows without a head");
  }

  private List<String> head() {
    int end = rest.indexOf("\r\n\r\n");
    holds(end > 0, "a head has an end");
    List<String> lines = Arrays.asList(rest.substring(0, end).split("\r\n", -1));
    rest = rest.substring(end + 4);
    for (String line : lines) {
      holds(line.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), "lines end with CR LF");
    }
    return lines;
  }

  private void fields(int status, List<String> fields) {
    for (String field : fields) {
      holds(field.indexOf(": ") > 0, "a field has a name");
      holds(!NEVER.contains(name(field)), "the field stays on its connection: " + name(field));
    }
    List<String> codings = values(fields, "transfer-encoding");
    List<String> lengths = values(fields, "content-length");
    holds(codings.size() + lengths.size() <= 1, "the end of the body is told once at most");
    if (status < 200) {
      holds(codings.isEmpty() && lengths.isEmpty(), "an informational head has no body");
      return;
    }
    same(values(fields, "connection").size() <= 1, true, "at most one Connection");
    boolean closes = values(fields, "connection").equals(List.of("close"));
    if (toHead || status == 204 || status == 304) {
      same(rest, "", "the body where there is none");
    } else if (!codings.isEmpty()) {
      same(version, Version.HTTP_1_1, "the version that has chunks");
      chunks();
    } else if (!lengths.isEmpty()) {
      same(rest, response.text(), "the body");
      if (response.ended()) {
        same(Long.parseLong(lengths.getFirst()), (long) rest.length(), "the length of the body");
      } else {
        holds(Long.parseLong(lengths.getFirst()) > rest.length(), "what was cut off is missing");
      }
    } else {
      holds(closes, "a body without an end ends with its connection");
      same(rest, response.text(), "the body");
    }
    rest = "";
  }

  private void chunks() {
    ChunkedBodyFuzzer.Reading read =
        new ChunkGrammar(rest.getBytes(StandardCharsets.ISO_8859_1), 1 << 20).read();
    holds(!read.refused(), "chunks are written by the grammar");
    same(read.complete(), response.ended(), "the end of the chunks");
    same(read.data(), response.text(), "the body in chunks");
    same(read.end(), rest.length(), "bytes of the chunks");
  }

  private static List<String> values(List<String> fields, String name) {
    return fields.stream()
        .filter(field -> name(field).equals(name))
        .map(field -> field.substring(field.indexOf(": ") + 2))
        .toList();
  }

  private static String name(String field) {
    return field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  // ---- by Netty

  private void readByNetty(byte[] wire) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec());
    StringBuilder body = new StringBuilder();
    int heads = 0;
    boolean ended = false;
    try {
      channel.writeOutbound(
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1, toHead ? HttpMethod.HEAD : HttpMethod.GET, "/"));
      channel.writeInbound(Unpooled.wrappedBuffer(wire));
      for (HttpObject message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        holds(message.decoderResult().isSuccess(), "Netty reads it: " + message.decoderResult());
        holds(!ended, "nothing stands behind a response");
        boolean last = message instanceof LastHttpContent;
        if (message instanceof HttpResponse head && head.status().code() >= 200) {
          heads++;
          same(head.status().code(), response.status(), "the status that Netty reads");
        }
        if (message instanceof HttpContent content) {
          body.append(content.content().toString(StandardCharsets.ISO_8859_1));
          ended = last && heads > 0;
        }
        ReferenceCountUtil.release(message);
      }
    } finally {
      channel.finishAndReleaseAll();
    }
    same(heads, response.hasFinalHead() ? 1 : 0, "the responses that Netty reads");
    // Where no body is, the head is all of it.
    boolean whole = response.ended() || toHead || !response.hasContent();
    holds(!ended || whole, "what was cut off has no end");
    if (!toHead && response.hasContent()) {
      same(body.toString(), response.text(), "the body that Netty reads");
    }
  }
}
