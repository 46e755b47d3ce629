package dev.fairlead.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames (RFC 9113 §6). */
final class FrameWriter {

  private FrameWriter() {}

  /** The first nine bytes of any frame (RFC 9113 §4.1). */
  static void header(int type, int flags, int stream, int length, ByteBuf out) {
    out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  /**
   * SETTINGS.
   *
   * @param idsAndValues by turns
   */
  static void settings(ByteBuf out, int... idsAndValues) {
    header(Frames.SETTINGS, 0, 0, idsAndValues.length * 3, out);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      out.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
    }
  }

  static void settingsAck(ByteBuf out) {
    header(Frames.SETTINGS, Frames.ACK, 0, 0, out);
  }

  static void ping(long content, boolean ack, ByteBuf out) {
    header(Frames.PING, ack ? Frames.ACK : 0, 0, 8, out);
    out.writeLong(content);
  }

  static void windowUpdate(int stream, int increment, ByteBuf out) {
    header(Frames.WINDOW_UPDATE, 0, stream, 4, out);
    out.writeInt(increment);
  }

  static void resetStream(int stream, ErrorCode code, ByteBuf out) {
    header(Frames.RST_STREAM, 0, stream, 4, out);
    out.writeInt(code.code());
  }

  /**
   * GOAWAY.
   *
   * @param reason for who debugs the client
   */
  static void goAway(int lastStream, ErrorCode code, String reason, ByteBuf out) {
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    header(Frames.GOAWAY, 0, 0, 8 + text.length, out);
    out.writeInt(lastStream).writeInt(code.code()).writeBytes(text);
  }

  /**
   * Puts the frame's header before a header block that was written behind a gap of {@link
   * Frames#HEADER_BYTES}, and cuts it into several frames where it is too long for one.
   *
   * @param start where the gap begins
   */
  static void frameHeaders(int stream, boolean endStream, int start, ByteBuf out) {
    int first = start + Frames.HEADER_BYTES;
    int length = out.writerIndex() - first;
    int fits = Math.min(length, Frames.MAX_PAYLOAD);
    byte[] rest = new byte[length - fits];
    out.getBytes(first + fits, rest);
    int flags = (endStream ? Frames.END_STREAM : 0) | (rest.length == 0 ? Frames.END_HEADERS : 0);
    out.writerIndex(start);
    header(Frames.HEADERS, flags, stream, fits, out);
    out.writerIndex(first + fits);
    for (int at = 0; at < rest.length; ) {
      int piece = Math.min(rest.length - at, Frames.MAX_PAYLOAD);
      boolean last = at + piece == rest.length;
      header(Frames.CONTINUATION, last ? Frames.END_HEADERS : 0, stream, piece, out);
      out.writeBytes(rest, at, piece);
      at += piece;
    }
  }
}
