package dev.fairlead.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Body bytes that wait, in the buffers that they came in. Small ones behind others are copied
 * together: so many of them need no more memory than their bytes. Event loop only.
 */
final class Pieces {

  private static final int SMALL = 1024;
  private static final int GATHERED = 8 * SMALL;

  private @Nullable ByteBuf first;
  private @Nullable ArrayDeque<ByteBuf> rest;

  /** The last piece, when it was made here and small ones can be added to it. */
  private @Nullable ByteBuf gathering;

  private int bytes;

  int bytes() {
    return bytes;
  }

  /** Takes ownership. */
  void add(ByteBuf piece) {
    int length = piece.readableBytes();
    if (length == 0) {
      piece.release();
      return;
    }
    bytes += length;
    if (first == null) {
      first = piece;
    } else if (length <= SMALL) {
      gather(piece);
    } else {
      gathering = null;
      append(piece);
    }
  }

  private void gather(ByteBuf piece) {
    ByteBuf into = gathering;
    if (into == null || into.writableBytes() < piece.readableBytes()) {
      into = piece.alloc().buffer(GATHERED, GATHERED);
      gathering = into;
      append(into);
    }
    into.writeBytes(piece);
    piece.release();
  }

  private void append(ByteBuf piece) {
    if (rest == null) {
      rest = new ArrayDeque<>(4);
    }
    rest.add(piece);
  }

  /** The first piece, or as much of it; null when there is none. The caller owns it. */
  @Nullable ByteBuf take(int most) {
    ByteBuf piece = first;
    if (piece == null) {
      return null;
    }
    if (piece.readableBytes() > most) {
      bytes -= most;
      return piece.readRetainedSlice(most);
    }
    bytes -= piece.readableBytes();
    first = rest == null ? null : rest.poll();
    if (rest == null || rest.isEmpty()) {
      // The last one may be the first now: nothing is added to what may be taken.
      gathering = null;
    }
    return piece;
  }

  /** Gives up all of it. */
  void release() {
    for (ByteBuf piece = take(Integer.MAX_VALUE); piece != null; piece = take(Integer.MAX_VALUE)) {
      piece.release();
    }
  }
}
