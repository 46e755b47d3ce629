package dev.fairlead.acme.persist;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A record's text in the syntax of CAA values (RFC 8659 §4.2).
 *
 * @param issuer whom it is for
 * @param parameters by their tags, which are in lower case
 * @param problem why it cannot be read, in words; then there are no parameters
 */
record IssueValue(String issuer, Map<String, String> parameters, Optional<String> problem) {

  IssueValue {
    parameters = Map.copyOf(parameters);
  }

  static IssueValue parse(String text) {
    String[] parts = text.split(";", -1);
    String issuer = strip(parts[0]);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String part = strip(parts[i]);
      if (part.isEmpty()) {
        return unreadable(issuer, "it has a semicolon too many");
      }
      int equals = part.indexOf('=');
      if (equals <= 0) {
        return unreadable(issuer, "a part of it is no tag=value");
      }
      String tag = strip(part.substring(0, equals)).toLowerCase(Locale.ROOT);
      String value = strip(part.substring(equals + 1));
      if (!value.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
        return unreadable(issuer, "a value in it has blanks or characters that are not ASCII");
      }
      if (parameters.put(tag, value) != null) {
        return unreadable(issuer, "it says a thing twice");
      }
    }
    return new IssueValue(issuer, parameters, Optional.empty());
  }

  private static IssueValue unreadable(String issuer, String why) {
    return new IssueValue(issuer, Map.of(), Optional.of(why));
  }

  Optional<String> find(String tag) {
    return Optional.ofNullable(parameters.get(tag));
  }

  private static String strip(String text) {
    return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
  }
}
