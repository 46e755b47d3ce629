package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Gathers frames of HTTP/2 that go out together. For one thread. */
final class Frames {

  private byte[] bytes = new byte[4 * 1024];
  private int size;

  /** Text without a frame around it: the preface. */
  Frames raw(String text) {
    return put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Frames frame(int type, int flags, int stream, byte... payload) {
    int length = payload.length;
    return put(
            (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags)
        .put(int32(stream))
        .put(payload);
  }

  /** A frame that holds a number. */
  Frames number(int type, int stream, int value) {
    return frame(type, 0, stream, int32(value));
  }

  /** SETTINGS with one of them. */
  Frames setting(int id, int value) {
    byte[] number = int32(value);
    return frame(
        Frame.SETTINGS,
        0,
        0,
        (byte) (id >> 8),
        (byte) id,
        number[0],
        number[1],
        number[2],
        number[3]);
  }

  /** A head, in as many frames as it takes. */
  Frames head(int stream, boolean last, Block block) {
    byte[] all = block.bytes();
    int type = Frame.HEADERS;
    int flags = last ? Frame.END_STREAM : 0;
    for (int from = 0; ; from += Frame.MAX_PAYLOAD) {
      int to = Math.min(all.length, from + Frame.MAX_PAYLOAD);
      boolean whole = to == all.length;
      frame(
          type, flags | (whole ? Frame.END_HEADERS : 0), stream, Arrays.copyOfRange(all, from, to));
      if (whole) {
        return this;
      }
      type = Frame.CONTINUATION;
      flags = 0;
    }
  }

  Frames data(int stream, boolean last, byte... payload) {
    return frame(Frame.DATA, last ? Frame.END_STREAM : 0, stream, payload);
  }

  /** GOAWAY without an error. */
  Frames goAway(int lastStream) {
    byte[] payload = Arrays.copyOf(int32(lastStream), 8);
    return frame(Frame.GOAWAY, 0, 0, payload);
  }

  /** Sends what was gathered. */
  void sendTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
    size = 0;
  }

  private Frames put(byte... more) {
    if (size + more.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more.length));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
