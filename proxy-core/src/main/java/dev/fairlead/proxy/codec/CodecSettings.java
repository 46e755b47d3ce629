package dev.fairlead.proxy.codec;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Limits of what is read, the same for every protocol where it makes sense.
 *
 * @param timeouts for heads and idle connections
 */
public record CodecSettings(TimeoutSettings timeouts) {

  /** Bytes of a header section. */
  static final int MAX_HEADERS = 32 * 1024;

  private static final int MAX_STREAMS = 128;

  /** Bytes of one HTTP/2 upload that may wait for its app. */
  private static final int STREAM_WINDOW = 256 * 1024;

  /**
   * Bytes more that all uploads of an HTTP/2 connection may have waiting together (RFC 9113 §5.2):
   * without them one app that does not read its upload would stop all others of the connection.
   */
  static final int MORE_CONNECTION_WINDOW = 2 * 1024 * 1024;

  static Http2Settings http2() {
    return Http2Settings.defaultSettings()
        .maxConcurrentStreams(MAX_STREAMS)
        .initialWindowSize(STREAM_WINDOW)
        .maxHeaderListSize(MAX_HEADERS);
  }
}
