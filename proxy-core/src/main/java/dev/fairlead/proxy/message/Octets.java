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
}
