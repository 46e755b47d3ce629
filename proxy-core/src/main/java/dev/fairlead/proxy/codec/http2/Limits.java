package dev.fairlead.proxy.codec.http2;

/** What one connection may ask for, beside what the settings say. */
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

  private Limits() {}
}
