package dev.fairlead.config.load;

/**
 * One thing that is wrong with what a person wrote.
 *
 * @param path where: the dotted path of the key, as its writer spelled it ({@code
 *     fairlead.routes.api.port}, {@code FAIRLEAD_ACME_EMAIL})
 * @param value what stood there, shortened; {@code ***} where the key holds a secret
 * @param expected what could stand there, or the key that was probably meant
 */
public record Problem(String path, String value, String expected) {

  private static final int MAX_PATH = 200;
  private static final int MAX_VALUE = 160;
  private static final int MAX_EXPECTED = 600;

  public Problem {
    path = shown(path, MAX_PATH);
    value = value.isEmpty() ? "nothing" : shown(value, MAX_VALUE);
    // Names that somebody wrote are in there, too.
    expected = shown(expected, MAX_EXPECTED);
  }

  /** On one line, of bounded length, without characters that play tricks with a terminal. */
  private static String shown(String text, int max) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(max).map(Problem::visible).forEach(shown::appendCodePoint);
    return shown.append(text.codePointCount(0, text.length()) > max ? "…" : "").toString();
  }

  private static int visible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          '\uFFFD';
      default -> character;
    };
  }

  @Override
  public String toString() {
    return "%s: %s (expected: %s)".formatted(path, value, expected);
  }
}
