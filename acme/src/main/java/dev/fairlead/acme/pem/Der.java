package dev.fairlead.acme.pem;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * The Distinguished Encoding Rules (X.690 §10), as far as certificates of our own need them. Each
 * method gives one value, encoded.
 */
final class Der {

  static final byte[] TRUE = of(0x01, new byte[] {(byte) 0xff});
  static final byte[] NULL = of(0x05);

  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /** From then on years need four digits (RFC 5280 §4.1.2.5). */
  private static final Instant Y2050 = Instant.parse("2050-01-01T00:00:00Z");

  private Der() {}

  /** A value of any type; the parts follow one another in it. */
  static byte[] of(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] digits = unsigned(length);
      out.write(0x80 | digits.length);
      out.writeBytes(digits);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(0x30, parts);
  }

  static byte[] set(byte[] only) {
    return of(0x31, only);
  }

  /** A tag of the structure around it, {@code [number]}, that replaces the value's own. */
  static byte[] implicit(int number, byte[] content) {
    return of(0x80 | number, content);
  }

  /** A tag of the structure around it, {@code [number]}, around whole values. */
  static byte[] explicit(int number, byte[]... values) {
    return of(0xa0 | number, values);
  }

  static byte[] integer(BigInteger value) {
    return of(0x02, value.toByteArray());
  }

  static byte[] octets(byte[] content) {
    return of(0x04, content);
  }

  static byte[] text(String value) {
    return of(0x0c, value.getBytes(UTF_8));
  }

  /**
   * Bits, the first one highest.
   *
   * @param unused how many of the last byte do not count
   */
  static byte[] bits(int unused, byte[] content) {
    return of(0x03, new byte[] {(byte) unused}, content);
  }

  /** An object identifier in its usual spelling, {@code 2.5.29.17}. */
  static byte[] id(String dotted) {
    int[] arcs = Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    base128(out, arcs[0] * 40 + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      base128(out, arcs[i]);
    }
    return of(0x06, out.toByteArray());
  }

  static byte[] time(Instant time) {
    boolean twoDigits = time.isBefore(Y2050);
    String text = (twoDigits ? UTC_TIME : GENERALIZED_TIME).format(time);
    return of(twoDigits ? 0x17 : 0x18, text.getBytes(UTF_8));
  }

  /** The first value of a sequence; like all that follow, of what was encoded well. */
  static byte[] firstValue(byte[] sequence) {
    int at = contentAt(sequence, 0);
    return Arrays.copyOfRange(sequence, at, endOf(sequence, at));
  }

  /** The last value of a sequence. */
  static byte[] lastValue(byte[] sequence) {
    int last = contentAt(sequence, 0);
    for (int next = last; next < sequence.length; next = endOf(sequence, next)) {
      last = next;
    }
    return Arrays.copyOfRange(sequence, last, endOf(sequence, last));
  }

  /** What the last value of a sequence holds. */
  static byte[] lastContent(byte[] sequence) {
    return content(lastValue(sequence));
  }

  /** What a value holds. */
  static byte[] content(byte[] value) {
    return Arrays.copyOfRange(value, contentAt(value, 0), value.length);
  }

  private static int endOf(byte[] der, int at) {
    return Math.addExact(contentAt(der, at), lengthAt(der, at));
  }

  private static int contentAt(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int lengthAt(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80
        ? first
        : new BigInteger(1, Arrays.copyOfRange(der, at + 2, contentAt(der, at))).intValueExact();
  }

  private static void base128(ByteArrayOutputStream out, int value) {
    for (int shift = 28; shift > 0; shift -= 7) {
      if (value >>> shift != 0) {
        out.write(0x80 | (value >>> shift & 0x7f));
      }
    }
    out.write(value & 0x7f);
  }

  private static byte[] unsigned(int value) {
    byte[] signed = BigInteger.valueOf(value).toByteArray();
    return signed[0] == 0 ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
  }
}
