package dev.fairlead.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Numbers of the protocol (RFC 9113 §4.1, §6 and §6.5.2). */
final class Frames {

  static final int HEADER_BYTES = 9;

  /** What every endpoint must take, and the most that this one takes. */
  static final int MAX_PAYLOAD = 16_384;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 0x1;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  static final int SETTINGS_ENABLE_PUSH = 2;
  static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
  static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
  static final int SETTINGS_MAX_FRAME_SIZE = 5;
  static final int SETTINGS_MAX_HEADER_LIST_SIZE = 6;

  /** RFC 8441 §3. */
  static final int SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;

  /** What a connection and its streams begin with (RFC 9113 §6.9.2). */
  static final int INITIAL_WINDOW = 65_535;

  static final int MAX_STREAM_ID = Integer.MAX_VALUE;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What a client says first (RFC 9113 §3.4). */
  static byte preface(int at) {
    return PREFACE[at];
  }

  static void writePreface(ByteBuf out) {
    out.writeBytes(PREFACE);
  }

  static int prefaceBytes() {
    return PREFACE.length;
  }

  private Frames() {}
}
