package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes to frames, alone. */
class FrameReaderTest {

  private static final byte[] BEGIN =
      join("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII), settings());

  @Test
  void whereverTheInputIsSplitTheSameIsRead() {
    byte[] input = everything();
    List<String> whole = read(input);
    assertThat(whole).hasSizeGreaterThan(15).noneMatch(event -> event.startsWith("error"));

    for (int at = 1; at < input.length; at++) {
      assertThat(read(part(input, 0, at), part(input, at, input.length)))
          .as("split at %d", at)
          .isEqualTo(whole);
    }
    byte[][] single = new byte[input.length][];
    for (int i = 0; i < input.length; i++) {
      single[i] = part(input, i, i + 1);
    }
    assertThat(read(single)).isEqualTo(whole);
  }

  @Test
  void whateverComesIsReadTheSameInAnyPiecesAndNeverFailsInAnotherWay() {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] input = randomFrames(random);
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < input.length; ) {
        int end = Math.min(input.length, at + 1 + random.nextInt(40));
        pieces.add(part(input, at, end));
        at = end;
      }

      assertThat(read(pieces.toArray(byte[][]::new))).as("seed %d", seed).isEqualTo(read(input));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // A frame after the first SETTINGS, and the error that it is.
    "004001 00 01 00000001, FRAME_SIZE_ERROR",
    "000000 00 00 00000000, PROTOCOL_ERROR",
    "000000 00 08 00000001, FRAME_SIZE_ERROR",
    "000001 00 08 00000001 01, PROTOCOL_ERROR",
    "000000 01 04 00000000, PROTOCOL_ERROR",
    "000000 01 0c 00000001, FRAME_SIZE_ERROR",
    "000001 01 0c 00000001 01, PROTOCOL_ERROR",
    "000004 01 24 00000001 00000000, PROTOCOL_ERROR",
    "000005 02 00 00000000 0000000000, PROTOCOL_ERROR",
    "000004 03 00 00000000 00000000, PROTOCOL_ERROR",
    "000003 03 00 00000001 000000, FRAME_SIZE_ERROR",
    "000000 04 00 00000001, PROTOCOL_ERROR",
    "000005 04 00 00000000 0000000000, FRAME_SIZE_ERROR",
    "000006 04 01 00000000 000000000000, FRAME_SIZE_ERROR",
    "000004 05 04 00000001 00000002, PROTOCOL_ERROR",
    "000008 06 00 00000001 0000000000000000, PROTOCOL_ERROR",
    "000007 06 00 00000000 00000000000000, FRAME_SIZE_ERROR",
    "000007 07 00 00000000 00000000000000, FRAME_SIZE_ERROR",
    "000008 07 00 00000001 0000000000000000, PROTOCOL_ERROR",
    "000003 08 00 00000000 000000, FRAME_SIZE_ERROR",
    "000004 08 00 00000000 80000000, PROTOCOL_ERROR",
    "000000 09 04 00000001, PROTOCOL_ERROR",
    // A header block that is interrupted, or goes on for another stream.
    "000000 01 00 00000001 000000 00 00 00000001, PROTOCOL_ERROR",
    "000000 01 00 00000001 000000 09 04 00000003, PROTOCOL_ERROR",
    "000000 01 00 00000001 000000 ff 00 00000000, PROTOCOL_ERROR",
  })
  void aFrameThatIsNoneEndsTheConnection(String frames, ErrorCode code) {
    List<String> events = read(join(BEGIN, HexFormat.of().parseHex(frames.replace(" ", ""))));

    assertThat(events.getLast()).startsWith("error " + code);
  }

  @Test
  void whatDoesNotBeginLikeHttp2IsRefusedAtItsFirstWrongByte() {
    assertThat(read("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)))
        .containsExactly("error PROTOCOL_ERROR");
    assertThat(read("PRX".getBytes(StandardCharsets.US_ASCII)))
        .containsExactly("error PROTOCOL_ERROR");
    byte[] ping = Peer.bytes(Frames.PING, 0, 0, new byte[8]);
    assertThat(read(join(part(BEGIN, 0, 24), ping))).containsExactly("error PROTOCOL_ERROR");
    byte[] ack = Peer.bytes(Frames.SETTINGS, Frames.ACK, 0, new byte[0]);
    assertThat(read(join(part(BEGIN, 0, 24), ack))).containsExactly("error PROTOCOL_ERROR");
  }

  private static byte[] everything() {
    return join(
        BEGIN,
        Peer.bytes(Frames.SETTINGS, 0, 0, HexFormat.of().parseHex("0003000000ff0004ffffffff")),
        Peer.bytes(Frames.SETTINGS, Frames.ACK, 0, new byte[0]),
        Peer.bytes(Frames.HEADERS, Frames.END_HEADERS, 1, bytes(10)),
        Peer.bytes(
            Frames.HEADERS,
            Frames.PADDED | Frames.WITH_PRIORITY | Frames.END_STREAM,
            3,
            join(new byte[] {2, 0, 0, 0, 1, 9}, bytes(7), new byte[2])),
        Peer.bytes(Frames.CONTINUATION, 0, 3, bytes(3)),
        Peer.bytes(Frames.CONTINUATION, 0, 3, new byte[0]),
        Peer.bytes(Frames.CONTINUATION, Frames.END_HEADERS, 3, bytes(2000)),
        Peer.bytes(Frames.DATA, 0, 1, bytes(100)),
        Peer.bytes(Frames.DATA, 0, 1, new byte[0]),
        Peer.bytes(Frames.DATA, Frames.PADDED, 1, join(new byte[] {3}, bytes(20), new byte[3])),
        Peer.bytes(Frames.DATA, Frames.PADDED, 1, new byte[] {0}),
        Peer.bytes(Frames.DATA, Frames.PADDED, 1, new byte[] {2, 0, 0}),
        Peer.bytes(Frames.DATA, Frames.END_STREAM, 1, bytes(1)),
        Peer.bytes(Frames.PRIORITY, 0, 5, bytes(5)),
        Peer.bytes(Frames.PRIORITY, 0, 5, bytes(4)),
        Peer.bytes(Frames.PING, 0, 0, bytes(8)),
        Peer.bytes(Frames.PING, Frames.ACK, 0, bytes(8)),
        Peer.bytes(Frames.WINDOW_UPDATE, 0, 0, Peer.int32(77)),
        Peer.bytes(Frames.WINDOW_UPDATE, 0, 1, Peer.int32(0)),
        Peer.bytes(0xfe, 0xff, 7, bytes(30)),
        Peer.bytes(0xfe, 0, 0, new byte[0]),
        Peer.bytes(Frames.RST_STREAM, 0, 1, Peer.int32(8)),
        Peer.bytes(Frames.GOAWAY, 0, 0, bytes(20)));
  }

  // Mostly frames that could be, now and then of a wrong size.
  private static byte[] randomFrames(Random random) {
    byte[] frames = BEGIN;
    for (int i = random.nextInt(8); i >= 0; i--) {
      int type = random.nextInt(11);
      int length =
          switch (type) {
            case Frames.PRIORITY -> 5;
            case Frames.RST_STREAM, Frames.WINDOW_UPDATE -> 4;
            case Frames.SETTINGS -> 6 * random.nextInt(3);
            case Frames.PING -> 8;
            default -> random.nextInt(60);
          };
      byte[] payload = new byte[Math.max(0, length + random.nextInt(20) / 19)];
      random.nextBytes(payload);
      int flags = random.nextInt(3) == 0 ? random.nextInt(256) : Frames.END_HEADERS;
      frames = join(frames, Peer.bytes(type, flags, random.nextInt(4), payload));
    }
    return frames;
  }

  private static List<String> read(byte[]... pieces) {
    Recorder recorder = new Recorder();
    FrameReader reader = FrameReader.ofClient(recorder, TestLimits.anyHeads().share());
    try {
      for (byte[] piece : pieces) {
        ByteBuf in = Unpooled.copiedBuffer(piece);
        try {
          reader.read(in);
          assertThat(in.isReadable()).isFalse();
        } finally {
          in.release();
        }
      }
    } catch (ConnectionError e) {
      recorder.events.add("error " + e.code());
    }
    return recorder.events;
  }

  private static byte[] settings() {
    return Peer.bytes(Frames.SETTINGS, 0, 0, new byte[0]);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7 + count);
    }
    return bytes;
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Events as text; the pieces of a DATA frame as one. */
  private static final class Recorder implements FrameListener {

    final List<String> events = new ArrayList<>();

    @Override
    public void dataBegins(int stream, int dataBytes, int paddingBytes, boolean endStream) {
      add("data", stream, dataBytes, paddingBytes, endStream);
      add("");
    }

    @Override
    public void data(ByteBuf piece) {
      events.set(events.size() - 1, events.getLast() + ByteBufUtil.hexDump(piece));
      piece.release();
    }

    @Override
    public void dataEnds() {
      add("dataEnds");
    }

    @Override
    public void headers(
        int stream, byte[] bytes, int from, int length, boolean endStream, boolean endHeaders) {
      add("headers", stream, hex(bytes, from, length), endStream, endHeaders);
    }

    @Override
    public void continuation(byte[] bytes, int from, int length, boolean endHeaders) {
      add("continuation", hex(bytes, from, length), endHeaders);
    }

    @Override
    public void resetStream(int stream, int code) {
      add("reset", stream);
    }

    @Override
    public void setting(int id, long value) {
      add("setting", id, value);
    }

    @Override
    public void settingsEnd() {
      add("settingsEnd");
    }

    @Override
    public void settingsAck() {
      add("settingsAck");
    }

    @Override
    public void ping(long content, boolean ack) {
      add("ping", content, ack);
    }

    @Override
    public void windowUpdate(int stream, int increment) {
      add("windowUpdate", stream, increment);
    }

    @Override
    public void streamError(int stream, ErrorCode code) {
      add("streamError", stream, code);
    }

    @Override
    public void goAway(int lastStream, int code) {
      add("goAway", lastStream, code);
    }

    @Override
    public void ignored() {
      add("ignored");
    }

    private void add(Object... parts) {
      StringBuilder text = new StringBuilder();
      for (Object part : parts) {
        text.append(text.isEmpty() ? "" : " ").append(part);
      }
      events.add(text.toString());
    }

    private static String hex(byte[] bytes, int from, int length) {
      return HexFormat.of().formatHex(bytes, from, from + length);
    }
  }
}
