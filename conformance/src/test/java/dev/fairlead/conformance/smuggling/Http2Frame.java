package dev.fairlead.conformance.smuggling;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A frame (RFC 9113 §4.1).
 *
 * @param payload one character for each byte
 */
record Http2Frame(int type, int flags, int stream, String payload) {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 1;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITY = 0x20;

  private static final int LONG_STRING = 127;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** An unsigned number of four bytes in the payload. */
  long number(int at) {
    long value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 8 | payload.charAt(i);
    }
    return value;
  }

  boolean endsStream() {
    return (type == DATA || type == HEADERS) && has(END_STREAM);
  }

  /** Reads the next one. */
  static Http2Frame read(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Http2Frame(type, flags, stream, new String(payload, StandardCharsets.ISO_8859_1));
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = payload.length();
    int[] head = {
      length >> 16,
      length >> 8,
      length,
      type,
      flags,
      stream >> 24,
      stream >> 16,
      stream >> 8,
      stream
    };
    for (int b : head) {
      out.write(b);
    }
    out.writeBytes(payload.getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  /**
   * A field as it goes into a header block: a literal that is never indexed, without Huffman's code
   * (RFC 7541 §6.2.3), so whatever it is made of stands in the block as it is.
   */
  static String field(String name, String value) {
    return "\u0010" + string(name) + string(value);
  }

  // RFC 7541 §5.1 and §5.2.
  private static String string(String text) {
    StringBuilder out = new StringBuilder();
    int length = text.length();
    if (length < LONG_STRING) {
      out.append((char) length);
    } else {
      out.append((char) LONG_STRING);
      int left = length - LONG_STRING;
      for (; left >= 128; left >>= 7) {
        out.append((char) ((left & 127) | 128));
      }
      out.append((char) left);
    }
    return out.append(text).toString();
  }
}
