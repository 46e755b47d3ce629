package dev.fairlead.discovery.swarm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The body of an answer, which mostly is the same as the one before. Kept in pieces: the list of
 * tasks of a large Swarm has megabytes, and of what changes only the pieces it is in are new.
 */
final class Body {

  /** Before the first answer. */
  static final Body NONE = new Body(List.of());

  private final List<Piece> pieces;

  private Body(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /**
   * Reads the body that follows this one, to the end.
   *
   * @param limitBytes what may be read at most
   * @return empty when the bytes are the same; then hardly any memory was taken. Nothing at all is
   *     never the same: no engine answers so
   * @throws IOException when reading fails or the body is longer than the limit
   */
  Optional<Body> readNext(InputStream in, int limitBytes) throws IOException {
    List<Piece> next = new ArrayList<>();
    byte[] buffer = new byte[Piece.BYTES];
    boolean same = true;
    long length = 0;
    int count;
    do {
      count = in.readNBytes(buffer, 0, buffer.length);
      length += count;
      if (length > limitBytes) {
        throw new IOException("more than " + limitBytes + " bytes");
      }
      int index = next.size();
      boolean known = index < pieces.size() && pieces.get(index).isSame(buffer, count);
      next.add(known ? pieces.get(index) : Piece.of(buffer, count));
      same &= known;
    } while (count == buffer.length);
    return same && length > 0 ? Optional.empty() : Optional.of(new Body(next));
  }

  /** All of it; needs no closing. A piece is unpacked when it is come to. */
  InputStream open() {
    return new SequenceInputStream(
        Collections.enumeration(
            new AbstractList<InputStream>() {
              @Override
              public InputStream get(int index) {
                return new ByteArrayInputStream(pieces.get(index).bytes());
              }

              @Override
              public int size() {
                return pieces.size();
              }
            }));
  }
}
