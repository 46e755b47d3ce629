package dev.fairlead.proxy.codec.http2;

/** What one connection may ask for, beside what the settings say, and what is asked of one. */
final class Limits {

  /** Bytes of one upload that may wait for its app. */
  static final int STREAM_WINDOW = 256 * 1024;

  /**
   * Bytes of all uploads that may wait. More than for one stream: else an app that does not read
   * its upload would stop all others of the connection.
   */
  static final int CONNECTION_WINDOW = Frames.INITIAL_WINDOW + 2 * 1024 * 1024;

  /** Bytes of the dynamic table of HPACK, which is what a client counts on at first. */
  static final int TABLE_BYTES = 4096;

  /** Requests at the same time on one connection to an endpoint; further ones get another. */
  static final int UPSTREAM_STREAMS = 100;

  /** Bytes of one response that may wait for its client. */
  static final int UPSTREAM_STREAM_WINDOW = 128 * 1024;

  /** As much as all streams may have: it is never what holds one of them up. */
  static final int UPSTREAM_CONNECTION_WINDOW = UPSTREAM_STREAMS * UPSTREAM_STREAM_WINDOW;

  private Limits() {}
}
