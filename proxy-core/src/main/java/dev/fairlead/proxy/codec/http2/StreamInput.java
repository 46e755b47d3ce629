package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The body of one request as it comes: what waits, and whether it is as long as it was said. */
final class StreamInput {

  /** Where nobody said how long the body is. */
  private static final long UNKNOWN = -1;

  private final ReceiveWindow window;
  private final Pieces pieces = new Pieces();
  private long left;
  private boolean ended;
  private @Nullable Headers trailers;

  /**
   * @param contentLength -1 when not known
   */
  StreamInput(int windowBytes, long contentLength) {
    window = new ReceiveWindow(windowBytes);
    left = contentLength;
  }

  /** Now it is known how long the body is; -1 when it still is not. */
  void expect(long contentLength) {
    left = contentLength;
  }

  /**
   * A DATA frame begins.
   *
   * @return null when it may, else what is wrong
   */
  @Nullable ErrorCode begins(int dataBytes, int paddingBytes, boolean last) {
    if (ended) {
      return ErrorCode.STREAM_CLOSED;
    }
    if (!window.receive(dataBytes + paddingBytes)) {
      return ErrorCode.FLOW_CONTROL_ERROR;
    }
    if (left != UNKNOWN) {
      // RFC 9113 §8.1.1.
      left -= dataBytes;
      if (left < 0 || (last && left > 0)) {
        return ErrorCode.PROTOCOL_ERROR;
      }
    }
    return null;
  }

  /** Takes ownership. */
  void add(ByteBuf piece) {
    pieces.add(piece);
  }

  /** Whether the body may end here. */
  boolean end(@Nullable Headers fields) {
    ended = true;
    trailers = fields;
    return left <= 0;
  }

  boolean isEnded() {
    return ended;
  }

  /** Bytes that wait. */
  int waitingBytes() {
    return pieces.bytes();
  }

  /** Whether pieces wait. */
  boolean isWaiting() {
    return pieces.bytes() > 0;
  }

  @Nullable Headers trailers() {
    return trailers;
  }

  /** The next piece; null when none waits. The caller owns it. */
  @Nullable ByteBuf next() {
    return pieces.take(Integer.MAX_VALUE);
  }

  /** By how much to open the peer's window; 0 for not now. */
  int consumed(int bytes) {
    return ended ? 0 : window.consume(bytes);
  }

  /**
   * Gives up what waits.
   *
   * @return how many bytes that was
   */
  int drop() {
    int bytes = pieces.bytes();
    pieces.release();
    return bytes;
  }
}
