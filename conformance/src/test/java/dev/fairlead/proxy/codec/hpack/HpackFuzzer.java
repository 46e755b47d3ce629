package dev.fairlead.proxy.codec.hpack;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header blocks of one connection, each behind one byte that says how long it is: Netty and we read
 * the same fields, or both refuse the block; and what we write of them both read again.
 */
public final class HpackFuzzer {

  private static final int TABLE_BYTES = 4096;
  private static final int MAX_LIST = 1 << 24;

  /** A block names an entry with one byte; no entry is longer than the table. */
  private static final int MAX_FIELDS = 4096;

  private HpackFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HpackDecoder ours = new HpackDecoder(TABLE_BYTES);
    DefaultHttp2HeadersDecoder nettys = new DefaultHttp2HeadersDecoder(false, MAX_LIST);
    for (int at = 0; at < input.length; ) {
      int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
      byte[] block = Arrays.copyOfRange(input, at + 1, end);
      List<String> fields = ours(ours, block);
      same(fields, nettys(nettys, block), "the fields of a block");
      if (fields == null) {
        return;
      }
      at = end;
    }
  }

  private static @Nullable List<String> ours(HpackDecoder decoder, byte[] block) {
    List<String> fields = new ArrayList<>();
    Headers valid = new Headers();
    // Not alone in its array, as it is not on a connection.
    byte[] surrounded = new byte[block.length + 4];
    System.arraycopy(block, 0, surrounded, 1, block.length);
    try {
      decoder.decode(
          surrounded,
          1,
          block.length,
          (name, nameAt, nameLength, value, valueAt, valueLength) -> {
            fields.add(text(name, nameAt, nameLength) + ": " + text(value, valueAt, valueLength));
            if (isName(name, nameAt, nameLength) && isValue(value, valueAt, valueLength)) {
              valid.add(name, nameAt, nameLength, value, valueAt, valueLength);
            }
          });
    } catch (HpackException e) {
      return null;
    }
    holds(fields.size() <= MAX_FIELDS, "a block has no more fields than bytes");
    writtenAndRead(valid);
    // Netty hands out pseudo-fields first.
    fields.sort(null);
    return fields;
  }

  private static void writtenAndRead(Headers headers) {
    int maxBytes = HpackEncoder.STATUS_BYTES + HpackEncoder.maxBytes(headers);
    ByteBuf out = Unpooled.buffer(maxBytes);
    HpackEncoder.status(200, out);
    List<String> expected = new ArrayList<>(List.of(":status: 200"));
    for (int i = 0; i < headers.size(); i++) {
      HpackEncoder.field(headers, i, out);
      expected.add(headers.name(i) + ": " + headers.value(i));
    }
    holds(out.readableBytes() <= maxBytes, "a block is as long as announced");
    expected.sort(null);
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, MAX_LIST);
    byte[] block = new byte[out.readableBytes()];
    out.readBytes(block);
    same(nettys(decoder, block), expected, "what Netty reads of what we write");
  }

  private static @Nullable List<String> nettys(DefaultHttp2HeadersDecoder decoder, byte[] block) {
    try {
      Http2Headers read = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block));
      List<String> fields = new ArrayList<>();
      for (Map.Entry<CharSequence, CharSequence> field : read) {
        fields.add(field.getKey() + ": " + field.getValue());
      }
      fields.sort(null);
      return fields;
    } catch (Http2Exception | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static boolean isName(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Octets.isLowerCaseToken(bytes[i])) {
        return false;
      }
    }
    return length > 0;
  }

  private static boolean isValue(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Octets.isInValue(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }
}
