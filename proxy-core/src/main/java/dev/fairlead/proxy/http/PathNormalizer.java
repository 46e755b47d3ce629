package dev.fairlead.proxy.http;

/**
 * The one normal form of a path (RFC 3986 §6.2.2): what is matched is what is forwarded. Unreserved
 * characters are never percent-encoded, other encodings have upper-case digits, {@code .} and
 * {@code ..} segments are resolved. What servers read in different ways is refused: {@code %2F},
 * {@code %5C}, {@code %00}, encoded control characters, a backslash, {@code ..;} (servlet
 * containers take what stands behind a semicolon away first), a path that climbs above its root.
 */
final class PathNormalizer {

  private static final String OTHERS_ALLOWED = "!$&'()*+,;=:@/";
  private static final boolean[] ALLOWED = allowed();
  private static final String HEX = "0123456789ABCDEF";

  private PathNormalizer() {}

  /**
   * @param path without query
   * @throws RejectedRequest when the path has no normal form
   */
  static String normalize(String path) throws RejectedRequest {
    if (path.isEmpty() || path.charAt(0) != '/') {
      throw refused("path does not begin with a slash");
    }
    return isNormal(path) ? path : removeDotSegments(decode(path));
  }

  // Most paths are in normal form already; then nothing is copied.
  private static boolean isNormal(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (!isAllowed(c) || (c == '.' && path.charAt(i - 1) == '/')) {
        return false;
      }
    }
    return true;
  }

  private static String decode(String path) throws RejectedRequest {
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        appendOctet(decoded, octet(path, i));
        i += 2;
      } else if (isAllowed(c)) {
        decoded.append(c);
      } else {
        throw refused("character that is not allowed in a path");
      }
    }
    return decoded.toString();
  }

  private static int octet(String path, int percent) throws RejectedRequest {
    if (percent + 2 >= path.length()) {
      throw refused("incomplete percent-encoding");
    }
    int high = Character.digit(path.charAt(percent + 1), 16);
    int low = Character.digit(path.charAt(percent + 2), 16);
    if (high < 0 || low < 0 || path.charAt(percent + 1) > 'f' || path.charAt(percent + 2) > 'f') {
      throw refused("percent-encoding without two digits");
    }
    return high << 4 | low;
  }

  private static void appendOctet(StringBuilder decoded, int octet) throws RejectedRequest {
    if (octet == '/' || octet == '\\' || octet < 0x20 || octet == 0x7f) {
      throw refused("encoded slash, backslash or control character");
    }
    if (isUnreserved((char) octet)) {
      decoded.append((char) octet);
    } else {
      decoded.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
    }
  }

  // RFC 3986 §5.2.4, on a path that begins with a slash.
  private static String removeDotSegments(String path) throws RejectedRequest {
    StringBuilder out = new StringBuilder(path.length());
    int start = 1;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      boolean last = slash < 0;
      if (segment.equals("..")) {
        if (out.isEmpty()) {
          throw refused("path climbs above its root");
        }
        out.setLength(out.lastIndexOf("/"));
        out.append(last ? "/" : "");
      } else if (segment.equals(".")) {
        out.append(last ? "/" : "");
      } else if (isDotsWithParameter(segment)) {
        throw refused("dots with a parameter");
      } else {
        out.append('/').append(segment);
      }
      start = end + 1;
    }
    return out.isEmpty() ? "/" : out.toString();
  }

  private static boolean isDotsWithParameter(String segment) {
    int end = segment.startsWith("..") ? 2 : segment.startsWith(".") ? 1 : 0;
    return end > 0 && (segment.startsWith(";", end) || segment.startsWith("%3B", end));
  }

  private static boolean isAllowed(char c) {
    return c < ALLOWED.length && ALLOWED[c];
  }

  private static boolean[] allowed() {
    boolean[] allowed = new boolean[128];
    for (char c = 0; c < allowed.length; c++) {
      allowed[c] = isUnreserved(c) || OTHERS_ALLOWED.indexOf(c) >= 0;
    }
    return allowed;
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static RejectedRequest refused(String detail) {
    return new RejectedRequest(Failure.BAD_REQUEST, detail);
  }
}
