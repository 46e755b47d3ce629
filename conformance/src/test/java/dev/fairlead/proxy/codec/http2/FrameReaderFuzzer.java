package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * All bytes of a connection, preface included: the same frames and the same error in any pieces,
 * and those that RFC 9113 §4 and §6 give ({@link FrameGrammar}).
 */
public final class FrameReaderFuzzer {

  private FrameReaderFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<String> expected = new FrameGrammar(input).read();
    same(read(Cuts.none(input)), expected, "frames in one piece");
    for (List<byte[]> pieces : Cuts.some(input)) {
      same(read(pieces), expected, "frames in pieces");
    }
  }

  private static List<String> read(List<byte[]> pieces) {
    CountedBuffers buffers = new CountedBuffers();
    Events events = new Events();
    FrameReader reader = FrameReader.ofClient(events, TestLimits.anyHeads().share());
    for (byte[] piece : pieces) {
      ByteBuf in = Cuts.buffer(piece, buffers);
      try {
        reader.read(in);
        holds(!in.isReadable(), "all of an open connection is taken");
      } catch (ConnectionError error) {
        events.flush();
        events.add("error " + error.code().name().toLowerCase(Locale.ROOT));
        break;
      } finally {
        in.release();
      }
    }
    events.flush();
    buffers.allReleased();
    return events.events;
  }

  /** Writes down what was read; the bytes of one DATA frame together. */
  private static final class Events implements FrameListener {

    private final List<String> events = new ArrayList<>();
    private StringBuilder data = new StringBuilder();

    void add(String event) {
      events.add(event);
    }

    void flush() {
      if (!data.isEmpty()) {
        events.add("data " + data);
        data = new StringBuilder();
      }
    }

    @Override
    public void dataBegins(int stream, int dataBytes, int paddingBytes, boolean endStream) {
      add("DATA %d %d %d %s".formatted(stream, dataBytes, paddingBytes, endStream));
    }

    @Override
    public void data(ByteBuf piece) {
      holds(piece.isReadable(), "no piece is empty");
      data.append(HexFormat.of().formatHex(ByteBufUtil.getBytes(piece)));
      piece.release();
    }

    @Override
    public void dataEnds() {
      flush();
      add("end of DATA");
    }

    @Override
    public void headers(
        int stream, byte[] bytes, int from, int length, boolean endStream, boolean endHeaders) {
      add("HEADERS %d %s %s ".formatted(stream, endStream, endHeaders) + text(bytes, from, length));
    }

    @Override
    public void continuation(byte[] bytes, int from, int length, boolean endHeaders) {
      add("CONTINUATION %s ".formatted(endHeaders) + text(bytes, from, length));
    }

    @Override
    public void resetStream(int stream, int code) {
      add("RST_STREAM %d %d".formatted(stream, code));
    }

    @Override
    public void goAway(int lastStream, int code) {
      add("GOAWAY %d %d".formatted(lastStream, code));
    }

    @Override
    public void setting(int id, long value) {
      add("setting %d %d".formatted(id, value));
    }

    @Override
    public void settingsEnd() {
      add("SETTINGS");
    }

    @Override
    public void settingsAck() {
      add("SETTINGS ack");
    }

    @Override
    public void ping(long content, boolean ack) {
      add("PING %d %s".formatted(content, ack));
    }

    @Override
    public void windowUpdate(int stream, int increment) {
      add("WINDOW_UPDATE %d %d".formatted(stream, increment));
    }

    @Override
    public void streamError(int stream, ErrorCode code) {
      add("error of %d %s".formatted(stream, code.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public void ignored() {
      add("ignored");
    }

    private static String text(byte[] bytes, int from, int length) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
  }
}
