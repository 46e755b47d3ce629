package dev.fairlead.config.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text is no YAML as we read it; the message says where and what stands there. */
final class YamlException extends Exception {

  private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '(.*)'");
  private static final Pattern PLACE = Pattern.compile("line:? (\\d+), column:? (\\d+)");

  private final String expected;

  YamlException(String message, String expected) {
    super(message);
    this.expected = expected;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  String expected() {
    return expected;
  }

  /** The library's message in one line, without the lines of the text that it quotes. */
  static YamlException of(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return new YamlException("nested too deeply", "at most 50 levels");
    }
    String message = String.valueOf(e.getMessage());
    Matcher duplicate = DUPLICATE.matcher(message);
    if (duplicate.find()) {
      return new YamlException(
          place(message) + "the key " + duplicate.group(1) + " again", "each key once");
    }
    String original = String.valueOf(e.getOriginalMessage());
    String sentence =
        original
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .map(line -> line.replaceFirst(", got this instead: .*", ""))
            .reduce("", (context, problem) -> problem);
    String place = place(original);
    return new YamlException((place.isEmpty() ? place(message) : place) + sentence, "YAML");
  }

  /** Where reading stopped: the last place in the message, or that of the library's own. */
  private static String place(String message) {
    return PLACE
        .matcher(message)
        .results()
        .reduce((one, other) -> other)
        .map(place -> "line %s, column %s: ".formatted(place.group(1), place.group(2)))
        .orElse("");
  }
}
