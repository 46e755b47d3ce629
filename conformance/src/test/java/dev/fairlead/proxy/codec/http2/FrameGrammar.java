package dev.fairlead.proxy.codec.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 9113 §4 and §6, with the dependencies of RFC 7540, as they are read with all bytes at hand:
 * the other opinion beside the state machine. Speaks of frames in the words of {@link
 * FrameReaderFuzzer}.
 */
final class FrameGrammar {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String PROTOCOL = "error protocol_error";
  private static final String SIZE = "error frame_size_error";

  private final byte[] input;
  private final List<String> events = new ArrayList<>();
  private int at = PREFACE.length;

  /** The stream whose header block is open; 0 when none is. */
  private int open;

  private boolean first = true;

  FrameGrammar(byte[] input) {
    this.input = input;
  }

  List<String> read() {
    int begin = Math.min(input.length, PREFACE.length);
    if (!Arrays.equals(input, 0, begin, PREFACE, 0, begin)) {
      return List.of(PROTOCOL);
    }
    while (input.length - at >= 9) {
      String error = frame();
      if (error != null) {
        events.add(error);
        return events;
      }
    }
    return events;
  }

  /** One frame, or as much of it as is there; the error that it is. */
  private @Nullable String frame() {
    ByteBuffer header = ByteBuffer.wrap(input, at, 9);
    int length = (header.get() & 0xff) << 16 | (header.getShort() & 0xffff);
    int type = header.get() & 0xff;
    int flags = header.get() & 0xff;
    int stream = header.getInt() & Integer.MAX_VALUE;
    at += 9;
    String error = check(length, type, flags, stream);
    if (error != null) {
      return error;
    }
    int there = Math.min(length, input.length - at);
    byte[] payload = Arrays.copyOfRange(input, at, at + there);
    at += there;
    if (type == Frames.DATA) {
      return data(length, flags, stream, payload);
    }
    if (type > Frames.CONTINUATION) {
      events.add("ignored");
      return null;
    }
    return there < length ? null : whole(type, flags, stream, payload);
  }

  private @Nullable String check(int length, int type, int flags, int stream) {
    boolean ack = (flags & Frames.ACK) != 0;
    if (length > 16_384) {
      return SIZE;
    }
    if (first && (type != Frames.SETTINGS || ack)) {
      return PROTOCOL;
    }
    first = false;
    if (open != 0 ? type != Frames.CONTINUATION || stream != open : type == Frames.CONTINUATION) {
      return PROTOCOL;
    }
    boolean zero = stream == 0;
    return switch (type) {
      case Frames.DATA, Frames.HEADERS, Frames.PRIORITY -> zero ? PROTOCOL : null;
      case Frames.RST_STREAM -> zero ? PROTOCOL : length == 4 ? null : SIZE;
      case Frames.SETTINGS -> zero ? (ack ? length == 0 : length % 6 == 0) ? null : SIZE : PROTOCOL;
      case Frames.PING -> zero ? length == 8 ? null : SIZE : PROTOCOL;
      case Frames.GOAWAY -> zero ? length >= 8 ? null : SIZE : PROTOCOL;
      case Frames.WINDOW_UPDATE -> length == 4 ? null : SIZE;
      case Frames.PUSH_PROMISE -> PROTOCOL;
      default -> null;
    };
  }

  private @Nullable String data(int length, int flags, int stream, byte[] payload) {
    boolean padded = (flags & Frames.PADDED) != 0;
    if (padded && length == 0) {
      return SIZE;
    }
    if (padded && payload.length == 0) {
      return null;
    }
    int padding = padded ? 1 + (payload[0] & 0xff) : 0;
    if (padding > length) {
      return PROTOCOL;
    }
    int bytes = length - padding;
    boolean last = (flags & Frames.END_STREAM) != 0;
    events.add("DATA %d %d %d %s".formatted(stream, bytes, padding, last));
    int from = padded ? 1 : 0;
    int to = Math.min(payload.length, from + bytes);
    if (to > from) {
      events.add("data " + HexFormat.of().formatHex(payload, from, to));
    }
    if (to - from == bytes) {
      events.add("end of DATA");
    }
    return null;
  }

  private @Nullable String whole(int type, int flags, int stream, byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    switch (type) {
      case Frames.HEADERS -> {
        return headers(flags, stream, payload);
      }
      case Frames.CONTINUATION -> {
        boolean ends = (flags & Frames.END_HEADERS) != 0;
        open = ends ? 0 : open;
        events.add("CONTINUATION %s ".formatted(ends) + text(payload, 0, payload.length));
      }
      case Frames.PRIORITY -> {
        events.add("ignored");
        if (payload.length != 5) {
          events.add("error of %d frame_size_error".formatted(stream));
        } else if (dependsOnItself(stream, bytes, 0)) {
          events.add("error of %d protocol_error".formatted(stream));
        }
      }
      case Frames.RST_STREAM -> events.add("RST_STREAM %d %d".formatted(stream, bytes.getInt()));
      case Frames.GOAWAY ->
          events.add("GOAWAY %d %d".formatted(bytes.getInt() & Integer.MAX_VALUE, bytes.getInt()));
      case Frames.SETTINGS -> settings((flags & Frames.ACK) != 0, bytes);
      case Frames.PING ->
          events.add("PING %d %s".formatted(bytes.getLong(), (flags & Frames.ACK) != 0));
      case Frames.WINDOW_UPDATE -> {
        return windowUpdate(stream, bytes.getInt() & Integer.MAX_VALUE);
      }
      default -> events.add("ignored");
    }
    return null;
  }

  private @Nullable String headers(int flags, int stream, byte[] payload) {
    boolean padded = (flags & Frames.PADDED) != 0;
    if (padded && payload.length == 0) {
      return SIZE;
    }
    int from = (padded ? 1 : 0) + ((flags & Frames.WITH_PRIORITY) != 0 ? 5 : 0);
    int to = payload.length - (padded ? payload[0] & 0xff : 0);
    if (from > to) {
      return PROTOCOL;
    }
    if ((flags & Frames.WITH_PRIORITY) != 0
        && dependsOnItself(stream, ByteBuffer.wrap(payload), from - 5)) {
      return PROTOCOL;
    }
    boolean ends = (flags & Frames.END_HEADERS) != 0;
    open = ends ? 0 : stream;
    boolean last = (flags & Frames.END_STREAM) != 0;
    events.add("HEADERS %d %s %s ".formatted(stream, last, ends) + text(payload, from, to - from));
    return null;
  }

  // RFC 7540 §5.3.1.
  private static boolean dependsOnItself(int stream, ByteBuffer bytes, int at) {
    return (bytes.getInt(at) & Integer.MAX_VALUE) == stream;
  }

  private void settings(boolean ack, ByteBuffer bytes) {
    if (ack) {
      events.add("SETTINGS ack");
      return;
    }
    while (bytes.hasRemaining()) {
      int id = bytes.getShort() & 0xffff;
      events.add("setting %d %d".formatted(id, Integer.toUnsignedLong(bytes.getInt())));
    }
    events.add("SETTINGS");
  }

  private @Nullable String windowUpdate(int stream, int increment) {
    if (increment > 0) {
      events.add("WINDOW_UPDATE %d %d".formatted(stream, increment));
    } else if (stream > 0) {
      events.add("error of %d protocol_error".formatted(stream));
    } else {
      return PROTOCOL;
    }
    return null;
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }
}
