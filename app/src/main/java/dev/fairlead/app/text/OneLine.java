package dev.fairlead.app.text;

import java.util.regex.Pattern;

/**
 * What a CA, a server or the JDK says, as one line that is not too long. Nothing in it moves a
 * terminal's cursor or turns the direction of writing.
 */
public final class OneLine {

  /** Controls, formats, halves of characters, what is none; and all that separates. */
  private static final Pattern BLANK = Pattern.compile("[\\p{C}\\p{Z}\\s]+");

  private OneLine() {}

  /**
   * Each run of what cannot be seen becomes one space.
   *
   * @param most characters (code points), the last of which tells that there were more
   */
  public static String of(String text, int most) {
    String line = BLANK.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
  }
}
