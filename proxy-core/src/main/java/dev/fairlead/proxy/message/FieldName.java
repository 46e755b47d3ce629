package dev.fairlead.proxy.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The names of header fields that a rule of the proxy asks for; all others are {@link #OTHER}. A
 * codec resolves a name once, when it reads it.
 */
public enum FieldName {
  OTHER,

  /**
   * One of the names below but for its dashes, for which other signs stand: {@code Content_Length}.
   * To the proxy it is none of them, and to some apps it is: all that know CGI take an underscore
   * for a dash, lighttpd any sign, and uWSGI's router also reads where a body ends from such a
   * name.
   */
  LOOKALIKE,

  ACCEPT,
  AUTHORIZATION,
  CONNECTION,
  CONTENT_ENCODING,
  CONTENT_LENGTH,
  CONTENT_RANGE,
  CONTENT_TYPE,
  COOKIE,
  EXPECT,
  HOST,
  HTTP2_SETTINGS,
  KEEP_ALIVE,
  PROXY_CONNECTION,
  SET_COOKIE,
  TE,
  TRACEPARENT,
  TRACESTATE,
  TRAILER,
  TRANSFER_ENCODING,
  UPGRADE,
  FORWARDED,
  PROXY,
  X_FORWARDED,
  X_FORWARDED_FOR,
  X_FORWARDED_HOST,
  X_FORWARDED_PORT,
  X_FORWARDED_PREFIX,
  X_FORWARDED_PROTO,
  X_FORWARDED_PROTOCOL,
  X_FORWARDED_SCHEME,
  X_FORWARDED_SERVER,
  X_FORWARDED_SSL,
  X_REAL_IP,
  X_REQUEST_ID;

  /** What apps believe of a proxy; so nobody but the proxy may say it. */
  public static final FieldNames OWNED =
      FieldNames.of(
          FORWARDED,
          PROXY,
          X_FORWARDED,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PORT,
          X_FORWARDED_PREFIX,
          X_FORWARDED_PROTO,
          X_FORWARDED_PROTOCOL,
          X_FORWARDED_SCHEME,
          X_FORWARDED_SERVER,
          X_FORWARDED_SSL,
          X_REAL_IP,
          X_REQUEST_ID);

  private static final int SLOTS = 256;

  /** The signs of a token that are neither letters nor digits (RFC 9110 §5.6.2). */
  private static final String SIGNS = "!#$%&'*+-.^_`|~";

  /** Lower case, and a dash for every sign. */
  private static final byte[] FOLDED = folded();

  private static final FieldName[] BY_HASH = byHash();

  @SuppressWarnings("ImmutableEnumChecker") // Nobody writes it, and strings would be slower.
  private final byte[] lowerCase =
      name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.ISO_8859_1);

  /** Resolves a name in any case. */
  public static FieldName of(byte[] bytes, int offset, int length) {
    FieldName name = BY_HASH[hash(bytes, offset, length)];
    return name == OTHER ? OTHER : name.orNot(bytes, offset, length);
  }

  // This name, or what is spelled like it, or another.
  private FieldName orNot(byte[] bytes, int offset, int length) {
    if (length != lowerCase.length) {
      return OTHER;
    }
    boolean exact = true;
    for (int i = 0; i < length; i++) {
      byte b = bytes[offset + i];
      if (FOLDED[b & 0xff] != lowerCase[i]) {
        return OTHER;
      }
      exact &= lowerCase[i] != '-' || b == '-';
    }
    return exact ? this : LOOKALIKE;
  }

  /** The place of this name in a {@link FieldNames}. */
  @SuppressWarnings("EnumOrdinal") // Never leaves the process.
  long bit() {
    return 1L << ordinal();
  }

  // The factors were searched for: they tell all names above apart, which byHash() checks.
  private static int hash(byte[] bytes, int offset, int length) {
    if (length < 2) {
      return 0;
    }
    int first = FOLDED[bytes[offset] & 0xff];
    int last = FOLDED[bytes[offset + length - 1] & 0xff];
    int beforeLast = FOLDED[bytes[offset + length - 2] & 0xff];
    return (length * 29 + first * 18 + beforeLast * 47 + last * 52) & (SLOTS - 1);
  }

  private static FieldName[] byHash() {
    FieldName[] slots = new FieldName[SLOTS];
    Arrays.fill(slots, OTHER);
    for (FieldName name : values()) {
      if (name == OTHER || name == LOOKALIKE) {
        continue;
      }
      int slot = hash(name.lowerCase, 0, name.lowerCase.length);
      if (slots[slot] != OTHER) {
        throw new ExceptionInInitializerError(name + " and " + slots[slot] + " share a slot");
      }
      slots[slot] = name;
    }
    return slots;
  }

  private static byte[] folded() {
    byte[] table = new byte[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : SIGNS.indexOf(i) >= 0 ? '-' : i);
    }
    return table;
  }
}
