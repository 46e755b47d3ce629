package dev.fairlead.acme.preflight;

import dev.fairlead.acme.dns.CaaSet;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether CAA records allow an order (RFC 8659 §4, RFC 8657). A pure function. */
final class CaaRules {

  private static final String ISSUE = "issue";
  private static final String ISSUE_WILD = "issuewild";

  /** What is not about this: other tags that a CA knows, or needs not know. */
  private static final Set<String> KNOWN =
      Set.of(ISSUE, ISSUE_WILD, "iodef", "issuemail", "issuevmc", "contactemail", "contactphone");

  private CaaRules() {}

  /** Why they forbid it, in one sentence; empty when they do not. */
  static Optional<String> problem(CaaSet records, Question order) {
    Optional<String> unknown =
        records.entries().stream()
            .filter(entry -> entry.critical() && !KNOWN.contains(entry.tag()))
            .map(CaaSet.Entry::tag)
            .findFirst();
    if (unknown.isPresent()) {
      return Optional.of(
          "the CAA record \"%s\" of %s is critical, and no CA knows it (expected: none of it, or flag 0)"
              .formatted(unknown.get(), records.name()));
    }
    String tag = tag(records, order);
    List<String> values =
        records.entries().stream()
            .filter(entry -> entry.tag().equals(tag))
            .map(CaaSet.Entry::value)
            .toList();
    if (values.isEmpty()
        || order.issuers().isEmpty()
        || values.stream().anyMatch(value -> allows(value, order))) {
      return Optional.empty();
    }
    return Optional.of(
        "the CAA records of %s allow %s and not this order (expected: one more, %s. CAA 0 %s \"%s\")"
            .formatted(
                records.name(),
                String.join(" and ", values.stream().map(CaaRules::quoted).toList()),
                records.name(),
                tag,
                order.issuers().stream().sorted().findFirst().orElseThrow()));
  }

  private static String tag(CaaSet records, Question order) {
    boolean wild =
        order.host().wildcard()
            && records.entries().stream().anyMatch(entry -> entry.tag().equals(ISSUE_WILD));
    return wild ? ISSUE_WILD : ISSUE;
  }

  private static boolean allows(String value, Question order) {
    String[] parts = value.split(";", -1);
    String issuer = parts[0].strip().toLowerCase(Locale.ROOT);
    return order.issuers().stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(issuer))
        && Arrays.stream(parts).skip(1).allMatch(parameter -> allowsParameter(parameter, order));
  }

  private static boolean allowsParameter(String parameter, Question order) {
    int equals = parameter.indexOf('=');
    String name = (equals < 0 ? parameter : parameter.substring(0, equals)).strip();
    String value = equals < 0 ? "" : parameter.substring(equals + 1).strip();
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "validationmethods" -> List.of(value.split("\\s*,\\s*")).contains(order.method());
      // An account that is not made yet may turn out to be the one.
      case "accounturi" ->
          order.account().map(account -> account.toString().equals(value)).orElse(true);
      default -> true;
    };
  }

  private static String quoted(String value) {
    return value.strip().equals(";") || value.isBlank() ? "nobody" : "\"" + value + "\"";
  }
}
