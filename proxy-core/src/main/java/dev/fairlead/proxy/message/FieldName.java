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

  /** Lower case, and a dash for an underscore: apps that know CGI read both as the same name. */
  private static final byte[] FOLDED = folded();

  private static final FieldName[] BY_HASH = byHash();

  @SuppressWarnings("ImmutableEnumChecker") // Nobody writes it, and strings would be slower.
  private final byte[] lowerCase =
      name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.ISO_8859_1);

  /**
   * Resolves a name in any case. One that the proxy owns ({@link #OWNED}) is also found when
   * underscores stand for its dashes.
   */
  public static FieldName of(byte[] bytes, int offset, int length) {
    FieldName name = BY_HASH[hash(bytes, offset, length)];
    return name != OTHER && name.matches(bytes, offset, length) ? name : OTHER;
  }

  private boolean matches(byte[] bytes, int offset, int length) {
    if (length != lowerCase.length) {
      return false;
    }
    boolean owned = OWNED.contains(this);
    for (int i = 0; i < length; i++) {
      byte b = bytes[offset + i];
      if (FOLDED[b & 0xff] != lowerCase[i] || (b == '_' && !owned)) {
        return false;
      }
    }
    return true;
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
      if (name == OTHER) {
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
      table[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i == '_' ? '-' : i);
    }
    return table;
  }
}
