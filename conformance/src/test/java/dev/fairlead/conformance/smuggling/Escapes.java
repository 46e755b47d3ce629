package dev.fairlead.conformance.smuggling;

/**
 * Bytes as text that a person can read, one character for each byte. Read are those of a row, and
 * those that the origins write in their logs: they are the same.
 */
final class Escapes {

  private Escapes() {}

  /**
   * Replaces {@code \r}, {@code \n}, {@code \t}, {@code \0}, {@code \v}, {@code \f}, {@code \xHH},
   * {@code \"} and {@code \\}.
   */
  static String resolve(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        throw new IllegalArgumentException("not ASCII, to be written as \\xHH: " + text);
      } else if (c != '\\') {
        out.append(c);
      } else if (i + 1 == text.length()) {
        throw new IllegalArgumentException("a backslash at the end of: " + text);
      } else if (text.charAt(i + 1) == 'x') {
        out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        out.append(one(text.charAt(i + 1), text));
        i++;
      }
    }
    return out.toString();
  }

  private static char one(char c, String text) {
    return switch (c) {
      case 'r' -> '\r';
      case 'n' -> '\n';
      case 't' -> '\t';
      case '0' -> 0;
      case 'b' -> '\b';
      case 'v' -> 0x0b;
      case 'f' -> '\f';
      case '"', '\\' -> c;
      default ->
          throw new IllegalArgumentException("unknown escape \\%c in: %s".formatted(c, text));
    };
  }

  /** The same text with everything visible. */
  static String show(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\r' -> out.append("\\r");
        case '\n' -> out.append("\\n");
        case '\\' -> out.append("\\\\");
        default ->
            out.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\x%02x".formatted((int) c));
      }
    }
    return out.toString();
  }
}
