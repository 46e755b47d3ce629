package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client knows of its connection, and what it may expect of the frames that it gets: the
 * order of frames in a stream, windows that are not overrun, blocks that can be decoded, an end
 * that is the end (RFC 9113 §5.1, §5.2, §4.3, §6.8).
 */
final class ClientView {

  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(true, 1 << 20);
  private final Set<Integer> ended = new HashSet<>();
  private final Set<Integer> reset = new HashSet<>();
  private final Map<Integer, Long> granted = new HashMap<>();
  private final Map<Integer, Long> received = new HashMap<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int open;
  private int lastTaken = Integer.MAX_VALUE;
  private long largestWindow = Frames.INITIAL_WINDOW;

  // ---- what the client has said

  /** A window was opened. */
  void opened(int stream, int increment) {
    granted.merge(stream, (long) increment, Long::sum);
  }

  /** Settings were sent; of windows the largest counts, as frames may be under way. */
  void set(byte[] settings) {
    ByteBuffer bytes = ByteBuffer.wrap(settings);
    while (bytes.remaining() >= 6) {
      int id = bytes.getShort();
      long value = Integer.toUnsignedLong(bytes.getInt());
      if (id == Frames.SETTINGS_INITIAL_WINDOW_SIZE) {
        largestWindow = Math.max(largestWindow, value);
      }
    }
  }

  // ---- what it gets

  void got(List<Peer.Frame> frames) {
    for (Peer.Frame frame : frames) {
      holds(frame.payload().length <= Frames.MAX_PAYLOAD, "a frame is as long as allowed");
      holds(
          open == 0 || (frame.type() == Frames.CONTINUATION && frame.stream() == open),
          "a header block is not interrupted");
      if (frame.stream() == 0) {
        ofConnection(frame);
      } else {
        ofStream(frame);
      }
    }
  }

  private void ofConnection(Peer.Frame frame) {
    switch (frame.type()) {
      case Frames.SETTINGS -> same(frame.payload().length % 6, 0, "the length of SETTINGS");
      case Frames.PING -> same(frame.payload().length, 8, "the length of PING");
      case Frames.WINDOW_UPDATE -> holds(frame.int32(0) > 0, "a window is opened by something");
      case Frames.GOAWAY -> {
        holds(frame.int32(0) <= lastTaken, "the last stream is not taken back");
        lastTaken = frame.int32(0);
      }
      default -> throw new AssertionError("type %d without a stream".formatted(frame.type()));
    }
  }

  private void ofStream(Peer.Frame frame) {
    int stream = frame.stream();
    same(stream % 2, 1, "the proxy begins no streams");
    holds(!reset.contains(stream) || isReset(frame), "nothing follows the reset of a stream");
    switch (frame.type()) {
      case Frames.HEADERS, Frames.CONTINUATION -> {
        holds(!ended.contains(stream), "no head follows the end of a stream");
        fields(frame);
      }
      case Frames.DATA -> {
        holds(!ended.contains(stream), "no data follows the end of a stream");
        data(stream, frame.payload().length);
      }
      case Frames.RST_STREAM -> reset.add(stream);
      case Frames.WINDOW_UPDATE -> holds(frame.int32(0) > 0, "a window is opened by something");
      default -> throw new AssertionError("type %d on a stream".formatted(frame.type()));
    }
    boolean carries = frame.type() == Frames.HEADERS || frame.type() == Frames.DATA;
    if (carries && frame.has(Frames.END_STREAM)) {
      ended.add(stream);
    }
  }

  private static boolean isReset(Peer.Frame frame) {
    return frame.type() == Frames.RST_STREAM;
  }

  private void fields(Peer.Frame frame) {
    block.writeBytes(frame.payload());
    open = frame.stream();
    if (frame.has(Frames.END_HEADERS)) {
      open = 0;
      try {
        hpack.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(block.toByteArray()));
      } catch (Http2Exception e) {
        throw new AssertionError("the client cannot decode a block", e);
      }
      block.reset();
    }
  }

  private void data(int stream, int bytes) {
    long ofStream = received.merge(stream, (long) bytes, Long::sum);
    long ofConnection = received.merge(0, (long) bytes, Long::sum);
    holds(ofStream <= largestWindow + granted.getOrDefault(stream, 0L), "the stream's window");
    holds(
        ofConnection <= Frames.INITIAL_WINDOW + granted.getOrDefault(0, 0L),
        "the connection's window");
  }
}
