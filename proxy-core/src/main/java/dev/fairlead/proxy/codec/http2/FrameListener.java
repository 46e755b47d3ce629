package dev.fairlead.proxy.codec.http2;

import io.netty.buffer.ByteBuf;

/**
 * What a {@link FrameReader} reads. Sizes, flags and the order of frames were checked, and whether
 * a stream is named where one must be; the states of streams were not. A method that throws ends
 * the connection.
 */
interface FrameListener {

  /**
   * A DATA frame begins (RFC 9113 §6.1); {@link #data} for its bytes and {@link #dataEnds} follow.
   *
   * @param paddingBytes what is in the frame beside data; it counts in the windows
   */
  void dataBegins(int stream, int dataBytes, int paddingBytes, boolean endStream)
      throws ConnectionError;

  /** A piece of the frame's data. The listener owns it. */
  void data(ByteBuf piece) throws ConnectionError;

  void dataEnds() throws ConnectionError;

  /**
   * A header block begins (RFC 9113 §6.2). Its bytes are there during the call only.
   *
   * @param endHeaders whether this is all of it; else {@link #continuation} follows
   */
  void headers(
      int stream, byte[] bytes, int from, int length, boolean endStream, boolean endHeaders)
      throws ConnectionError;

  /** More of the header block (RFC 9113 §6.10). */
  void continuation(byte[] bytes, int from, int length, boolean endHeaders) throws ConnectionError;

  /**
   * RFC 9113 §6.4.
   *
   * @param code of the peer, which may be none that is known
   */
  void resetStream(int stream, int code) throws ConnectionError;

  /**
   * RFC 9113 §6.8.
   *
   * @param lastStream the last one of ours that the peer has looked at, or may look at
   * @param code of the peer, which may be none that is known
   */
  void goAway(int lastStream, int code) throws ConnectionError;

  /** One parameter of a SETTINGS frame (RFC 9113 §6.5); the last is followed by the next. */
  void setting(int id, long value) throws ConnectionError;

  /** A SETTINGS frame was read. */
  void settingsEnd() throws ConnectionError;

  /** Ours were applied. */
  void settingsAck() throws ConnectionError;

  /** RFC 9113 §6.7. */
  void ping(long content, boolean ack) throws ConnectionError;

  /**
   * RFC 9113 §6.9.
   *
   * @param stream 0 for the connection
   */
  void windowUpdate(int stream, int increment) throws ConnectionError;

  /** A frame that only one stream suffers from (RFC 9113 §5.4.2). */
  void streamError(int stream, ErrorCode code) throws ConnectionError;

  /** A frame of no meaning here: priorities, an extension. */
  void ignored() throws ConnectionError;
}
