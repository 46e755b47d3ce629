package dev.fairlead.proxy.codec;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Limits of what is read, the same for every protocol where it makes sense.
 *
 * @param timeouts for heads and idle connections
 */
public record CodecSettings(TimeoutSettings timeouts) {

  /** Bytes of a request line. */
  static final int MAX_LINE = 8192;

  /** Bytes of a header section. */
  static final int MAX_HEADERS = 32 * 1024;

  /** Bytes of a response's header section: apps are trusted a little more than clients. */
  static final int MAX_RESPONSE_HEADERS = 64 * 1024;

  /** Bytes of a body that are passed on in one piece. */
  private static final int MAX_CHUNK = 16 * 1024;

  private static final int MAX_STREAMS = 128;

  /** Bytes of one HTTP/2 upload that may wait for its app. */
  private static final int STREAM_WINDOW = 256 * 1024;

  /**
   * Bytes more that all uploads of an HTTP/2 connection may have waiting together (RFC 9113 §5.2):
   * without them one app that does not read its upload would stop all others of the connection.
   */
  static final int MORE_CONNECTION_WINDOW = 2 * 1024 * 1024;

  static HttpDecoderConfig requestDecoder() {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEADERS)
        .setMaxChunkSize(MAX_CHUNK)
        .setStrictLineParsing(true)
        .setAllowDuplicateContentLengths(false)
        .setUseRfc9112TransferEncoding(true);
  }

  static HttpDecoderConfig responseDecoder() {
    return requestDecoder().setMaxHeaderSize(MAX_RESPONSE_HEADERS);
  }

  static Http2Settings http2() {
    return Http2Settings.defaultSettings()
        .maxConcurrentStreams(MAX_STREAMS)
        .initialWindowSize(STREAM_WINDOW)
        .maxHeaderListSize(MAX_HEADERS);
  }
}
