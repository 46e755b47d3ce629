package dev.fairlead.acme.persist;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a CA will take one of the TXT records that are there. A pure function. */
public final class PersistRules {

  private static final int LONGEST = 120;

  private PersistRules() {}

  /** What was found. */
  public sealed interface Finding {}

  /**
   * A record that will do.
   *
   * @param account what it calls our account
   */
  public record Good(String account) implements Finding {}

  /**
   * None.
   *
   * @param why the middle of a sentence
   */
  public record Wrong(String why) implements Finding {}

  /**
   * Looks through records. Those for other CAs are none of ours.
   *
   * @param texts of all TXT records at the name, the strings of each joined
   */
  public static Finding look(List<String> texts, PersistTerms terms, Instant now) {
    String name = terms.wanted().name();
    if (texts.isEmpty()) {
      return new Wrong("%s has no TXT record".formatted(name));
    }
    Optional<String> first = Optional.empty();
    for (String text : texts) {
      IssueValue value = IssueValue.parse(text);
      if (terms.issuers().contains(value.issuer())) {
        Optional<String> problem = problem(value, terms, now);
        if (problem.isEmpty()) {
          return new Good(value.find("accounturi").orElseThrow());
        }
        first = first.or(() -> problem);
      }
    }
    return new Wrong(
        first
            .map(problem -> "the TXT record of %s %s".formatted(name, problem))
            .orElseGet(() -> strange(texts.getFirst(), name)));
  }

  private static String strange(String text, String name) {
    if (text.contains("\"")) {
      return "the TXT record of %s has quotation marks inside its value".formatted(name);
    }
    return "the TXT record of %s is for \"%s\""
        .formatted(name, shown(IssueValue.parse(text).issuer()));
  }

  private static Optional<String> problem(IssueValue value, PersistTerms terms, Instant now) {
    if (value.problem().isPresent()) {
      return Optional.of("cannot be read, " + value.problem().get());
    }
    Optional<String> account = value.find("accounturi");
    if (account.isEmpty()) {
      return Optional.of("says no accounturi");
    }
    if (!terms.accounts().contains(account.get())) {
      return Optional.of("is for another account, %s".formatted(shown(account.get())));
    }
    Optional<String> until = value.find("persistuntil");
    if (until.isPresent()) {
      Optional<Instant> end = time(until.get());
      if (end.isEmpty()) {
        return Optional.of(
            "has a persistUntil that is no number of seconds, %s".formatted(shown(until.get())));
      }
      if (now.isAfter(end.get())) {
        return Optional.of(
            "has ended at %s, by its persistUntil=%s".formatted(end.get(), until.get()));
      }
    }
    boolean wildcard =
        value.find("policy").filter(policy -> policy.equalsIgnoreCase("wildcard")).isPresent();
    return terms.host().wildcard() && !wildcard
        ? Optional.of("lacks policy=wildcard, which %s needs".formatted(terms.host()))
        : Optional.empty();
  }

  private static Optional<Instant> time(String seconds) {
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds)));
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String shown(String text) {
    String line = text.replaceAll("[^ -~]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
