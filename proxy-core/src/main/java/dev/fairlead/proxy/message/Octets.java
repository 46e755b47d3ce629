package dev.fairlead.proxy.message;

/** Which bytes may stand where in a head (RFC 9110 §5.5 and §5.6.2). */
public final class Octets {

  private static final int TOKEN = 1;
  private static final int VALUE = 2;
  private static final int UPPER_CASE = 4;
  private static final byte[] KINDS = kinds();

  private Octets() {}

  /** Whether the byte may stand in a method or in a field's name. */
  public static boolean isToken(byte b) {
    return (KINDS[b & 0xff] & TOKEN) != 0;
  }

  /**
   * Whether the byte may stand in a field's value: visible, space, tab, or above ASCII; no control
   * character.
   */
  public static boolean isInValue(byte b) {
    return (KINDS[b & 0xff] & VALUE) != 0;
  }

  /** Whether the byte may stand in a field's name in HTTP/2 (RFC 9113 §8.2.1). */
  public static boolean isLowerCaseToken(byte b) {
    return (KINDS[b & 0xff] & (TOKEN | UPPER_CASE)) == TOKEN;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      boolean token = letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      boolean value = c == '\t' || (c >= ' ' && c != 0x7f);
      boolean upperCase = c >= 'A' && c <= 'Z';
      kinds[c] = (byte) ((token ? TOKEN : 0) | (value ? VALUE : 0) | (upperCase ? UPPER_CASE : 0));
    }
    return kinds;
  }

  /** Whether the text lies there, in any case. */
  static boolean sameIgnoringCase(byte[] block, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (lower(block[at + i] & 0xff) != lower(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether exactly this text lies there. */
  static boolean same(byte[] block, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if ((block[at + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a comma-separated list (RFC 9110 §5.6.1) has this token in it, in any case. */
  static boolean listContains(byte[] block, int start, int length, String token) {
    int end = start + length;
    for (int at = start; at <= end; ) {
      int comma = at;
      while (comma < end && block[comma] != ',') {
        comma++;
      }
      int from = at;
      int to = comma;
      while (from < to && isSpace(block[from])) {
        from++;
      }
      while (to > from && isSpace(block[to - 1])) {
        to--;
      }
      if (to - from == token.length() && sameIgnoringCase(block, from, token)) {
        return true;
      }
      at = comma + 1;
    }
    return false;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }
}
