package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.proxy.codec.http1.AppResponse;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client gets over HTTP/2 of a response that was read from an app. */
public final class RelayedOverHttp2 {

  private static final int MAX_LIST = 1 << 20;
  private static final int WIDE = 1 << 24;

  private final AppResponse response;
  private final boolean toHead;
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(true, MAX_LIST);
  private final List<Http2Headers> blocks = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean ended;
  private boolean reset;

  private RelayedOverHttp2(AppResponse response, boolean toHead) {
    this.response = response;
    this.toHead = toHead;
  }

  /** Fails when a client can misread what it gets. */
  public static void check(AppResponse response, boolean toHead) {
    CountedBuffers buffers = new CountedBuffers();
    try (Peer peer = Peer.open()) {
      peer.channel().config().setAllocator(buffers);
      peer.settings(Frames.SETTINGS_INITIAL_WINDOW_SIZE, WIDE).windowUpdate(0, WIDE);
      peer.head(
          1,
          true,
          ":method",
          toHead ? "HEAD" : "GET",
          ":scheme",
          "https",
          ":authority",
          "a.test",
          ":path",
          "/");
      InEvent.run(peer.channel(), () -> response.relayTo(peer.app(0).stream, buffers));
      List<Peer.Frame> frames = all(peer);
      peer.channel().checkException();
      new RelayedOverHttp2(response, toHead).read(frames);
    } catch (Http2Exception e) {
      throw new AssertionError("Netty cannot read the fields", e);
    }
    buffers.allReleased();
  }

  // A long body takes more than one turn.
  private static List<Peer.Frame> all(Peer peer) {
    List<Peer.Frame> all = new ArrayList<>();
    for (List<Peer.Frame> some = peer.frames(); !some.isEmpty(); some = peer.frames()) {
      all.addAll(some);
    }
    return all;
  }

  private void read(List<Peer.Frame> frames) throws Http2Exception {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Peer.Frame frame : frames) {
      if (frame.stream() == 0) {
        continue;
      }
      holds(!ended && !reset, "nothing follows the end of a stream");
      switch (frame.type()) {
        case Frames.HEADERS, Frames.CONTINUATION -> {
          block.writeBytes(frame.payload());
          if (frame.has(Frames.END_HEADERS)) {
            blocks.add(hpack.decodeHeaders(1, Unpooled.wrappedBuffer(block.toByteArray())));
            block.reset();
          }
        }
        case Frames.DATA -> body.writeBytes(frame.payload());
        case Frames.RST_STREAM -> reset = true;
        default -> throw new AssertionError("a frame of type " + frame.type());
      }
      ended |=
          frame.has(Frames.END_STREAM)
              && (frame.type() == Frames.HEADERS || frame.type() == Frames.DATA);
    }
    compare();
  }

  private void compare() {
    same(ended, response.ended(), "the end of the stream");
    same(reset, !response.ended(), "a response that was cut off resets its stream");
    int heads = response.heads().size();
    for (int i = 0; i < heads; i++) {
      same(
          String.valueOf(blocks.get(i).status()),
          Integer.toString(response.heads().get(i).status()),
          "the status");
      oneLength(blocks.get(i));
    }
    var trailers = response.trailersForClient();
    boolean some = trailers != null && trailers.size() > 0;
    same(blocks.size(), some ? heads + 1 : heads, "blocks of fields");
    same(
        body.toString(StandardCharsets.ISO_8859_1),
        toHead || !response.hasContent() ? "" : response.text(),
        "the body");
  }

  // RFC 9113 §8.1.1: a length that is not that of the body makes a response malformed.
  private void oneLength(Http2Headers fields) {
    List<CharSequence> lengths = fields.getAll("content-length");
    holds(lengths.size() <= 1, "the length is told once at most");
    if (!lengths.isEmpty() && response.ended() && !toHead && response.hasContent()) {
      same(Integer.parseInt(lengths.getFirst().toString()), body.size(), "the length of the body");
    }
  }
}
