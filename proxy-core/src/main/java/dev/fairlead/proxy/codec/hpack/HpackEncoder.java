package dev.fairlead.proxy.codec.hpack;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Encodes header fields with the static table only. So there is no state: blocks may be written in
 * any order, the peer's SETTINGS_HEADER_TABLE_SIZE does not matter, and no secret can be guessed
 * from the length of what follows (RFC 7541 §7.1).
 */
public final class HpackEncoder {

  private static final int INDEXED = 0x80;
  private static final int NEVER_INDEXED = 0x10;
  private static final int NAME_MASK = 0x0f;
  private static final int LENGTH_MASK = 0x7f;

  /** The most that field and status take beyond the bytes of names and values. */
  private static final int FIELD_OVERHEAD = 1 + 2 * 6;

  /** The most that {@link #status} takes. */
  public static final int STATUS_BYTES = 5;

  private static final int AUTHORITY = StaticTable.numberOf(":authority", "");
  private static final int GET = StaticTable.numberOf(":method", "GET");
  private static final int POST = StaticTable.numberOf(":method", "POST");
  private static final int PATH = StaticTable.numberOf(":path", "/");
  private static final int HTTP = StaticTable.numberOf(":scheme", "http");
  private static final int HTTPS = StaticTable.numberOf(":scheme", "https");

  private static final int STATUS = StaticTable.numberOf(":status", "200");
  private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

  private static final long SENSITIVE =
      bit("authorization") | bit("cookie") | bit("proxy-authorization") | bit("set-cookie");

  private HpackEncoder() {}

  /** How many bytes these fields take at most. */
  public static int maxBytes(Headers headers) {
    return headers.maxWireBytes() + headers.size() * FIELD_OVERHEAD;
  }

  /**
   * Writes {@code :status}, which comes before all other fields (RFC 9113 §8.3.2).
   *
   * @param status three digits
   */
  public static void status(int status, ByteBuf out) {
    for (int i = 0; i < STATUSES.length; i++) {
      if (STATUSES[i] == status) {
        out.writeByte(INDEXED | (STATUS + i));
        return;
      }
    }
    out.writeByte(STATUS).writeByte(3);
    out.writeByte('0' + status / 100);
    out.writeByte('0' + status / 10 % 10);
    out.writeByte('0' + status % 10);
  }

  /** How many bytes {@link #request} takes at most. */
  public static int requestBytes(String method, String authority, int targetLength) {
    return 1 + 3 * FIELD_OVERHEAD + method.length() + authority.length() + targetLength;
  }

  /** Writes the pseudo-fields of a request (RFC 9113 §8.3.1); all texts are ASCII. */
  public static void request(
      String method, boolean secure, String authority, String path, String query, ByteBuf out) {
    switch (method) {
      case "GET" -> out.writeByte(INDEXED | GET);
      case "POST" -> out.writeByte(INDEXED | POST);
      default -> text(GET, method, "", out);
    }
    out.writeByte(INDEXED | (secure ? HTTPS : HTTP));
    text(AUTHORITY, authority, "", out);
    text(PATH, path, query, out);
  }

  private static void text(int name, String first, String second, ByteBuf out) {
    integer(0, NAME_MASK, name, out);
    integer(0, LENGTH_MASK, first.length() + second.length(), out);
    out.writeCharSequence(first, StandardCharsets.US_ASCII);
    out.writeCharSequence(second, StandardCharsets.US_ASCII);
  }

  /** Writes a field, with its name in lower case (RFC 9113 §8.2). */
  public static void field(Headers headers, int field, ByteBuf out) {
    byte[] block = headers.block();
    int nameAt = headers.nameAt(field);
    int nameLength = headers.nameLength(field);
    int number = StaticTable.find(block, nameAt, nameLength);
    int kind = number != 0 && (SENSITIVE & 1L << number) != 0 ? NEVER_INDEXED : 0;
    integer(kind, NAME_MASK, number, out);
    if (number == 0) {
      integer(0, LENGTH_MASK, nameLength, out);
      lowerCase(block, nameAt, nameLength, out);
    }
    integer(0, LENGTH_MASK, headers.valueLength(field), out);
    out.writeBytes(block, headers.valueAt(field), headers.valueLength(field));
  }

  private static void lowerCase(byte[] bytes, int at, int length, ByteBuf out) {
    int start = out.writerIndex();
    out.writeBytes(bytes, at, length);
    for (int i = 0; i < length; i++) {
      byte b = bytes[at + i];
      byte lower = StaticTable.lower(b);
      if (lower != b) {
        out.setByte(start + i, lower);
      }
    }
  }

  // RFC 7541 §5.1.
  private static void integer(int kind, int mask, int value, ByteBuf out) {
    if (value < mask) {
      out.writeByte(kind | value);
      return;
    }
    out.writeByte(kind | mask);
    int rest = value - mask;
    while (rest > 0x7f) {
      out.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static long bit(String name) {
    return 1L << StaticTable.numberOf(name, "");
  }
}
