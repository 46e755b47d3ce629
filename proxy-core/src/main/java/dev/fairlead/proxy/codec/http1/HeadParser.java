package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Octets;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads a start line and header fields, or fields alone (a trailer section), out of bytes that come
 * in any pieces (RFC 9112 §2 to §5). A state machine: how the bytes were cut never changes what is
 * read. Strict: lines end with CR LF and nothing else, no field is folded, no space stands before a
 * colon, no control character anywhere. Reusable after {@link #reset}.
 */
final class HeadParser {

  /** Room behind the head for the fields that the proxy adds. */
  private static final int SPARE_BYTES = 384;

  private static final int MAX_TRAILERS = 256;
  private static final int FIRST_FIELDS = 24;
  private static final int NUMBERS = 4;

  /** A body often follows: no more than this of it is copied in vain. */
  private static final int MAX_COPY = 2048;

  private static final byte[] NOTHING = {};
  private static final int[] NO_FIELDS = {};

  private enum State {
    START_LINE,
    START_LINE_END,
    NAME,
    BEFORE_VALUE,
    VALUE,
    VALUE_END,
    END,
    DONE
  }

  private final boolean startLine;
  private final int maxLineBytes;
  private final int maxBytes;
  private final int maxFields;
  private final HeadBudget.Share budget;

  private State state;
  private byte[] block = NOTHING;
  private int length;
  private int at;
  private int lineStart;
  private int nameEnd;
  private int valueStart;
  private int startLineStart;
  private int startLineEnd;
  private int[] table = NO_FIELDS;
  private int fields;

  private HeadParser(
      boolean startLine, int maxLineBytes, int maxBytes, int maxFields, HeadBudget.Share budget) {
    this.startLine = startLine;
    this.maxLineBytes = maxLineBytes;
    this.maxBytes = maxBytes;
    this.maxFields = maxFields;
    this.budget = budget;
    this.state = first();
  }

  /**
   * @param maxLineBytes of the start line
   * @param maxBytes of all
   */
  static HeadParser ofHeads(
      int maxLineBytes, int maxBytes, int maxFields, HeadBudget.Share budget) {
    return new HeadParser(true, maxLineBytes, maxBytes, maxFields, budget);
  }

  static HeadParser ofTrailers(int maxBytes, HeadBudget.Share budget) {
    return new HeadParser(false, 0, maxBytes, MAX_TRAILERS, budget);
  }

  private State first() {
    return startLine ? State.START_LINE : State.NAME;
  }

  /**
   * Forgets what was read, and gives its memory back; the next byte is the first of another head.
   */
  void reset() {
    budget.give(block.length + table.length * Integer.BYTES);
    state = first();
    block = NOTHING;
    table = NO_FIELDS;
    length = at = lineStart = fields = startLineEnd = 0;
  }

  /** Whether not one byte was read. */
  boolean isEmpty() {
    return length == 0;
  }

  /**
   * Takes bytes up to the end of the head at most.
   *
   * @return whether the head is complete
   */
  boolean read(ByteBuf in) throws MalformedMessageException {
    while (state != State.DONE && in.isReadable()) {
      copy(in);
      parse();
      if (state == State.DONE) {
        in.readerIndex(in.readerIndex() - (length - at));
        length = at;
      } else if (isInStartLine() && (startLineBytes() > maxLineBytes || length >= maxBytes)) {
        throw new MalformedMessageException(Failure.URI_TOO_LONG, "start line is too long");
      } else if (length >= maxBytes) {
        throw tooLarge("head is too large");
      }
    }
    return state == State.DONE;
  }

  private boolean isInStartLine() {
    return state == State.START_LINE || state == State.START_LINE_END;
  }

  // What was read of the line. Its CR is none of it, even if the LF is still to come.
  private int startLineBytes() {
    return (state == State.START_LINE_END ? at - 1 : at) - lineStart;
  }

  private void copy(ByteBuf in) throws MalformedMessageException {
    int bytes = Math.min(Math.min(in.readableBytes(), MAX_COPY), maxBytes - length);
    if (length + bytes > block.length) {
      grow(length + bytes);
    }
    in.readBytes(block, length, bytes);
    length += bytes;
  }

  private void grow(int needed) throws MalformedMessageException {
    int most = needed > HeadBudget.SMALL_HEAD ? maxBytes : HeadBudget.SMALL_HEAD;
    int larger = Math.max(needed, Math.min(length * 2, most)) + SPARE_BYTES;
    take(larger - block.length);
    block = Arrays.copyOf(block, larger);
  }

  private void take(int bytes) throws MalformedMessageException {
    if (!budget.take(bytes)) {
      throw tooLarge("no room for more large heads");
    }
  }

  private void parse() throws MalformedMessageException {
    while (at < length && state != State.DONE) {
      switch (state) {
        case START_LINE -> readStartLine();
        case START_LINE_END -> endStartLine();
        case NAME -> readName();
        case BEFORE_VALUE -> skipSpaces();
        case VALUE -> readValue();
        case VALUE_END -> endField();
        case END -> endHead();
        case DONE -> throw new IllegalStateException("the head is complete");
      }
    }
  }

  private void readStartLine() throws MalformedMessageException {
    byte[] bytes = block;
    int i = at;
    while (i < length && Octets.isInValue(bytes[i])) {
      i++;
    }
    at = i;
    if (i < length) {
      expect(bytes[i] == '\r', "control character in the start line");
      at++;
      state = State.START_LINE_END;
    }
  }

  private void endStartLine() throws MalformedMessageException {
    lineFeed();
    if (at - lineStart == 2) {
      // One empty line before a head is forgiven (RFC 9112 §2.2).
      expect(lineStart == 0, "empty lines before the start line");
      state = State.START_LINE;
      lineStart = at;
      return;
    }
    startLineEnd = at - 2;
    if (startLineEnd - lineStart > maxLineBytes) {
      throw new MalformedMessageException(Failure.URI_TOO_LONG, "start line is too long");
    }
    startLineStart = lineStart;
    nextLine();
  }

  private void readName() throws MalformedMessageException {
    byte[] bytes = block;
    int i = at;
    while (i < length && Octets.isToken(bytes[i])) {
      i++;
    }
    at = i;
    if (i == length) {
      return;
    }
    if (bytes[i] == ':' && i > lineStart) {
      nameEnd = i;
      state = State.BEFORE_VALUE;
    } else {
      expect(bytes[i] == '\r' && i == lineStart, "line that is no header field");
      state = State.END;
    }
    at++;
  }

  private void skipSpaces() {
    while (at < length && isSpace(block[at])) {
      at++;
    }
    if (at < length) {
      valueStart = at;
      state = State.VALUE;
    }
  }

  private void readValue() throws MalformedMessageException {
    byte[] bytes = block;
    int i = at;
    while (i < length && Octets.isInValue(bytes[i])) {
      i++;
    }
    at = i;
    if (i < length) {
      expect(bytes[i] == '\r', "control character in a header field");
      at++;
      state = State.VALUE_END;
    }
  }

  private void endField() throws MalformedMessageException {
    lineFeed();
    int end = at - 2;
    while (end > valueStart && isSpace(block[end - 1])) {
      end--;
    }
    field(end);
    nextLine();
  }

  private void endHead() throws MalformedMessageException {
    lineFeed();
    state = State.DONE;
  }

  private void nextLine() {
    lineStart = at;
    state = State.NAME;
  }

  private void lineFeed() throws MalformedMessageException {
    expect(block[at] == '\n', "line that does not end with CR LF");
    at++;
  }

  private void field(int valueEnd) throws MalformedMessageException {
    if (fields == maxFields) {
      throw tooLarge("too many header fields");
    }
    int place = fields * NUMBERS;
    if (place == table.length) {
      int larger = Math.max(FIRST_FIELDS * NUMBERS, place * 2);
      take((larger - place) * Integer.BYTES);
      table = Arrays.copyOf(table, larger);
    }
    table[place] = lineStart;
    table[place + 1] = nameEnd - lineStart;
    table[place + 2] = valueStart;
    table[place + 3] = valueEnd - valueStart;
    fields++;
  }

  private static void expect(boolean condition, String detail) throws MalformedMessageException {
    if (!condition) {
      throw MalformedMessageException.bad(detail);
    }
  }

  private static MalformedMessageException tooLarge(String detail) {
    return new MalformedMessageException(Failure.HEADERS_TOO_LARGE, detail);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  // ---- what was read, once it is complete

  /** The bytes of the head; they belong to {@link #headers} from then on. */
  byte[] block() {
    return block;
  }

  int startLineStart() {
    return startLineStart;
  }

  /** Where the start line ends, without its CR LF. */
  int startLineEnd() {
    return startLineEnd;
  }

  /** The fields; takes them out of the parser, which must be reset then. */
  Headers headers() {
    return Headers.over(block, length, table, fields);
  }
}
