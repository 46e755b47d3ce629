package dev.fairlead.config.schema;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that can be configured.
 *
 * @param key the dotted path, in the spelling of labels and YAML: {@code acme.email}
 * @param defaultValue what holds when it is not given; empty when that depends on other things
 * @param defaultText the same in words, for the reference page
 * @param doc what it means, in one sentence
 * @param example a text that its type reads
 * @param secret whether its value is never shown
 */
public record Option<T>(
    String key,
    ValueType<T> type,
    Optional<T> defaultValue,
    String defaultText,
    String doc,
    String example,
    boolean secret) {

  /** An option with a default; the default is its own example. */
  static <T> Option<T> of(String key, ValueType<T> type, String defaultText, String doc) {
    return of(key, type, defaultText, doc, defaultText);
  }

  /** An option with a default. */
  static <T> Option<T> of(
      String key, ValueType<T> type, String defaultText, String doc, String example) {
    return type.read(defaultText)
        .either(
            value -> new Option<>(key, type, Optional.of(value), defaultText, doc, example, false),
            wrong -> {
              throw new IllegalArgumentException(
                  "default of %s: %s (expected: %s)"
                      .formatted(key, wrong.text(), wrong.expected()));
            });
  }

  /**
   * An option that may be missing.
   *
   * @param defaultText what that means; empty when it means nothing
   */
  public static <T> Option<T> optional(
      String key, ValueType<T> type, String defaultText, String doc, String example) {
    return new Option<>(key, type, Optional.empty(), defaultText, doc, example, false);
  }

  /** The same, never shown. */
  public Option<T> hidden() {
    return new Option<>(key, type, defaultValue, defaultText, doc, example, true);
  }

  /** The environment variable that sets it: {@code FAIRLEAD_ACME_EMAIL}. */
  public String variable() {
    return "FAIRLEAD_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
