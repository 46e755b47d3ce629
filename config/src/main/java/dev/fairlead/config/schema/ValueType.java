package dev.fairlead.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A kind of value, and how its text is read.
 *
 * @param name for the reference page ({@code duration})
 * @param parser gets the text without blanks around it; total: it refuses the empty text and throws
 *     for none
 */
public record ValueType<T>(String name, Function<String, Reading<T>> parser) {

  /** Longer texts are refused unread: labels come from everybody who may create a service. */
  public static final int MAX_LENGTH = 4096;

  /** A type whose wrong texts are all answered with the same {@code expected}. */
  static <T> ValueType<T> of(
      String name, String expected, Function<String, Optional<? extends T>> parser) {
    return new ValueType<>(
        name,
        text -> {
          Optional<? extends T> value = parser.apply(text);
          return value.isPresent()
              ? new Reading.Read<>(value.get())
              : new Reading.Refused<>(text, expected);
        });
  }

  /** Values of this type with commas between them; each counts once, in the order written. */
  ValueType<List<T>> list(String name, int max) {
    return new ValueType<>(name, text -> readList(text, max));
  }

  /** The same, in no order. */
  ValueType<Set<T>> set(String name, int max) {
    return new ValueType<>(
        name,
        text ->
            readList(text, max)
                .either(
                    values -> new Reading.Read<>(Set.copyOf(values)),
                    wrong -> new Reading.Refused<>(wrong.text(), wrong.expected())));
  }

  /** The same, with wrong texts changed before a person sees them. */
  ValueType<T> shown(UnaryOperator<String> change) {
    return new ValueType<>(
        name,
        text ->
            parser
                .apply(text)
                .either(
                    Reading.Read::new,
                    wrong -> new Reading.Refused<>(change.apply(wrong.text()), wrong.expected())));
  }

  private Reading<List<T>> readList(String text, int max) {
    List<T> values = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Optional<Reading<List<T>>> wrong =
          read(part)
              .either(
                  value -> {
                    if (!values.contains(value)) {
                      values.add(value);
                    }
                    return Optional.empty();
                  },
                  refused ->
                      Optional.of(new Reading.Refused<>(refused.text(), refused.expected())));
      if (wrong.isPresent()) {
        return wrong.get();
      }
    }
    return values.size() > max
        ? new Reading.Refused<>(values.size() + " values", "at most " + max)
        : new Reading.Read<>(List.copyOf(values));
  }

  /** Reads a text as a person wrote it; blanks around it do not count. */
  public Reading<T> read(String text) {
    String stripped = text.strip();
    if (stripped.length() > MAX_LENGTH) {
      return new Reading.Refused<>(stripped, "at most " + MAX_LENGTH + " characters");
    }
    return parser.apply(stripped);
  }
}
