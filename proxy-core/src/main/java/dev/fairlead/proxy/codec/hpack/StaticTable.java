package dev.fairlead.proxy.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The fields that both sides know from the start, numbered from 1 (RFC 7541 appendix A). */
final class StaticTable {

  private static final List<String> LINES =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate\
      """
          .lines()
          .toList();

  /** How many there are; the dynamic table's numbers follow. */
  static final int SIZE = LINES.size();

  private static final Entry[] ENTRIES =
      LINES.stream().map(StaticTable::entry).toArray(Entry[]::new);

  private static final int SLOTS = 256;

  /** Numbers of the first entry of each name, placed by hash with linear probing; 0 is empty. */
  private static final byte[] BY_NAME = byName();

  private StaticTable() {}

  /**
   * @param number 1 to {@link #SIZE}
   */
  static Entry get(int number) {
    return ENTRIES[number - 1];
  }

  /** The first entry that has this name, which is spelled in any case; 0 when there is none. */
  static int find(byte[] bytes, int at, int length) {
    if (length == 0) {
      return 0;
    }
    int slot = hash(bytes, at, length);
    for (int number; (number = BY_NAME[slot]) != 0; slot = slot + 1 & SLOTS - 1) {
      if (isSame(get(number).name, bytes, at, length)) {
        return number;
      }
    }
    return 0;
  }

  /** The entry that has a name and a value in lower case. */
  static int numberOf(String name, String value) {
    int index = LINES.indexOf((name + ' ' + value).strip());
    if (index < 0) {
      throw new IllegalArgumentException("field: %s (expected: one of the table)".formatted(name));
    }
    return index + 1;
  }

  private static boolean isSame(byte[] lowerCase, byte[] bytes, int at, int length) {
    if (lowerCase.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(bytes[at + i]) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] bytes, int at, int length) {
    int first = lower(bytes[at]);
    int middle = lower(bytes[at + length / 2]);
    int last = lower(bytes[at + length - 1]);
    return (length * 31 + first * 17 + middle * 7 + last) & SLOTS - 1;
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  private static byte[] byName() {
    byte[] slots = new byte[SLOTS];
    for (int number = 1; number <= SIZE; number++) {
      byte[] name = get(number).name;
      if (number > 1 && Arrays.equals(name, get(number - 1).name)) {
        continue;
      }
      int slot = hash(name, 0, name.length);
      while (slots[slot] != 0) {
        slot = slot + 1 & SLOTS - 1;
      }
      slots[slot] = (byte) number;
    }
    return slots;
  }

  private static Entry entry(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? new Entry(bytes(line), new byte[0])
        : new Entry(bytes(line.substring(0, space)), bytes(line.substring(space + 1)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
