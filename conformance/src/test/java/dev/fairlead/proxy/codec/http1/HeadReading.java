package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a head was read as, out of pieces.
 *
 * @param refused whether it is no head; for which reason may depend on what came first
 * @param complete whether all of it was there
 * @param line the start line
 * @param fields as {@code name:value}
 * @param consumed bytes that belong to it
 */
record HeadReading(
    boolean refused, boolean complete, String line, List<String> fields, int consumed) {

  /** The head as the product keeps it. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Head(byte[] block, int lineStart, int lineEnd, Headers headers) {}

  private static final HeadReading REFUSED = new HeadReading(true, false, "", List.of(), 0);

  /** Reads pieces, and checks that no more memory is taken than the limit allows. */
  static HeadReading of(HeadParser parser, List<byte[]> pieces, int maxBytes) {
    int consumed = 0;
    boolean complete = false;
    for (byte[] piece : pieces) {
      ByteBuf in = Unpooled.wrappedBuffer(piece);
      try {
        complete = parser.read(in);
      } catch (MalformedMessageException e) {
        return REFUSED;
      }
      consumed += in.readerIndex();
      Oracle.holds(parser.block().length <= 2 * maxBytes + 512, "a head's memory is bounded");
      if (complete) {
        break;
      }
      Oracle.holds(!in.isReadable(), "what comes before the end of a head is taken");
    }
    if (!complete) {
      return new HeadReading(false, false, "", List.of(), consumed);
    }
    Head head = head(parser);
    return new HeadReading(
        false,
        true,
        new String(
            head.block, head.lineStart, head.lineEnd - head.lineStart, StandardCharsets.ISO_8859_1),
        fields(head.headers),
        consumed);
  }

  /** Reads bytes that begin with a whole head; null when they do not. */
  static @Nullable Head read(HeadParser parser, byte[] bytes) {
    try {
      return parser.read(Unpooled.wrappedBuffer(bytes)) ? head(parser) : null;
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  private static Head head(HeadParser parser) {
    return new Head(
        parser.block(), parser.startLineStart(), parser.startLineEnd(), parser.headers());
  }

  static List<String> fields(@Nullable Headers headers) {
    List<String> fields = new ArrayList<>();
    if (headers != null) {
      headers.forEach((name, value) -> fields.add(name + ":" + value));
    }
    return fields;
  }
}
