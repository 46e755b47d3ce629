package dev.fairlead.proxy.codec.http2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The fields of a request that stand for its first line (RFC 9113 §8.3.1, RFC 8441 §4). */
enum PseudoField {
  METHOD,
  PATH,
  SCHEME,
  AUTHORITY,
  PROTOCOL,
  UNKNOWN;

  private static final PseudoField[] ALL = values();

  @SuppressWarnings("ImmutableEnumChecker") // Nobody writes it.
  private final byte[] bytes =
      (":" + name().toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.US_ASCII);

  static PseudoField of(byte[] name, int at, int length) {
    for (PseudoField field : ALL) {
      if (field != UNKNOWN
          && Arrays.equals(name, at, at + length, field.bytes, 0, field.bytes.length)) {
        return field;
      }
    }
    return UNKNOWN;
  }
}
