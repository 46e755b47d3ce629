package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Octets;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunks (RFC 9112 §7.1), as a state machine: how the bytes were cut never changes what
 * is read. Strict: hexadecimal digits and nothing before them, nothing behind them but extensions,
 * or spaces, lines that end with CR LF. Extensions are dropped (§7.1.1), and limited, because they
 * cost work for nothing.
 */
final class ChunkedBody implements BodyReader {

  /** 60 bits: more than there is, and no sum with it overflows. */
  private static final int MAX_DIGITS = 15;

  /** Bytes of extensions of one chunk. */
  private static final int MAX_EXTENSION = 256;

  /** Bytes of extensions of one body: nobody uses them, but to make work. */
  private static final int MAX_EXTENSIONS = 16 * 1024;

  private enum State {
    SIZE,
    SPACES,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    COMPLETE
  }

  private final HeadParser trailerParser;
  private State state = State.SIZE;
  private long left;
  private int digits;
  private int extension;
  private int allowance = MAX_EXTENSIONS;
  private @Nullable Headers trailers;

  /**
   * @param maxTrailerBytes of the fields behind the body
   */
  ChunkedBody(int maxTrailerBytes, HeadBudget.Share budget) {
    this.trailerParser = HeadParser.ofTrailers(maxTrailerBytes, budget);
  }

  @Override
  public @Nullable ByteBuf read(ByteBuf in) throws MalformedMessageException {
    while (in.isReadable() && state != State.COMPLETE) {
      switch (state) {
        case SIZE -> size(in.readByte());
        case SPACES -> behindSize(in.readByte());
        case EXTENSION -> extension(in.readByte());
        case SIZE_END -> sizeEnd(in.readByte());
        case DATA -> {
          return data(in);
        }
        case DATA_CR -> {
          expect(in.readByte() == '\r', "chunk that is longer than it says");
          state = State.DATA_LF;
        }
        case DATA_LF -> {
          expect(in.readByte() == '\n', "chunk that does not end with CR LF");
          nextChunk();
        }
        case TRAILERS -> trailers(in);
        case COMPLETE -> throw new IllegalStateException("the body is complete");
      }
    }
    return null;
  }

  private void size(byte b) throws MalformedMessageException {
    int digit = Character.digit((char) (b & 0xff), 16);
    if (digit >= 0 && b >= 0) {
      expect(++digits <= MAX_DIGITS, "chunk size is too large");
      left = left << 4 | digit;
      return;
    }
    expect(digits > 0, "chunk without a size");
    behindSize(b);
  }

  // Some pad a size with spaces. What is neither that nor an extension could be more of the size.
  private void behindSize(byte b) throws MalformedMessageException {
    expect(b == '\r' || b == ';' || b == ' ' || b == '\t', "chunk size that is no number");
    state = b == ';' ? State.EXTENSION : State.SPACES;
    extension(b);
  }

  private void extension(byte b) throws MalformedMessageException {
    if (b == '\r') {
      state = State.SIZE_END;
      return;
    }
    expect(Octets.isInValue(b), "control character in a chunk extension");
    extension++;
    allowance--;
    expect(extension <= MAX_EXTENSION && allowance >= 0, "chunk extensions are too long");
  }

  private void sizeEnd(byte b) throws MalformedMessageException {
    expect(b == '\n', "chunk size that does not end with CR LF");
    state = left == 0 ? State.TRAILERS : State.DATA;
  }

  private ByteBuf data(ByteBuf in) {
    int bytes = (int) Math.min(left, in.readableBytes());
    left -= bytes;
    if (left == 0) {
      state = State.DATA_CR;
    }
    return in.readRetainedSlice(bytes);
  }

  private void nextChunk() {
    state = State.SIZE;
    left = 0;
    digits = 0;
    extension = 0;
  }

  private void trailers(ByteBuf in) throws MalformedMessageException {
    if (trailerParser.read(in)) {
      state = State.COMPLETE;
      Headers read = trailerParser.headers();
      trailerParser.reset();
      trailers = read.size() == 0 ? null : read;
    }
  }

  private static void expect(boolean condition, String detail) throws MalformedMessageException {
    if (!condition) {
      throw MalformedMessageException.bad(detail);
    }
  }

  @Override
  public boolean isComplete() {
    return state == State.COMPLETE;
  }

  @Override
  public void close() {
    trailerParser.reset();
  }

  @Override
  public @Nullable Headers trailers() {
    return trailers;
  }
}
