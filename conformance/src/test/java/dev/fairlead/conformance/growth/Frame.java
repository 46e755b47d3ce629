package dev.fairlead.conformance.growth;

import java.io.IOException;

/**
 * The frame of HTTP/2 that was read last (RFC 9113 §4.1): one object for each connection. For one
 * thread.
 */
final class Frame {

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

  static final int HEADER_BYTES = 9;
  static final int MAX_PAYLOAD = 16 * 1024;

  private final byte[] header = new byte[HEADER_BYTES];
  private final byte[] payload = new byte[MAX_PAYLOAD];

  /** Reads the next one. */
  void read(Input in) throws IOException {
    in.read(header, HEADER_BYTES);
    if (length() > MAX_PAYLOAD) {
      throw new IOException("a frame of " + length() + " bytes");
    }
    in.read(payload, length());
  }

  int length() {
    return (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
  }

  int type() {
    return header[3];
  }

  boolean has(int flag) {
    return (header[4] & flag) != 0;
  }

  int stream() {
    return int32(header, 5) & 0x7fff_ffff;
  }

  byte[] payload() {
    return payload;
  }

  /** Four bytes of the payload. */
  int int32(int at) {
    return int32(payload, at);
  }

  private static int int32(byte[] from, int at) {
    return (from[at] & 0xff) << 24
        | (from[at + 1] & 0xff) << 16
        | (from[at + 2] & 0xff) << 8
        | (from[at + 3] & 0xff);
  }
}
