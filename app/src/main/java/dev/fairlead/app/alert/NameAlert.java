package dev.fairlead.app.alert;

import dev.fairlead.acme.CertificateStatus;
import dev.fairlead.app.text.OneLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people are told of one name.
 *
 * @param since when it began
 * @param expires when the certificate that is served ends, if it is the CA's
 * @param error why, in one line
 * @param expected what to change
 * @param nextAttempt when the next order may start, after one failed
 */
record NameAlert(
    String name,
    Trouble.Kind kind,
    Instant since,
    Optional<Instant> expires,
    String error,
    String expected,
    Optional<Instant> nextAttempt,
    Instant now) {

  private static final int LONGEST = 300;

  /** With its hint, which stands at its end. */
  private static final int LONGEST_SENTENCE = 2000;

  /** Sentences of ours end like this. */
  private static final Pattern FIX =
      Pattern.compile("^(.*?) \\((?:expected|fix): ([^()]*(?:\\([^()]*\\)[^()]*)*)\\)(.*)$");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * Puts together what is known.
   *
   * @param kind what is wrong now, which may be less bad than what the alert began with
   * @param storage what is wrong with the storage: why nothing is ordered, when nothing else is
   *     known
   */
  static NameAlert of(
      Trouble.Kind kind,
      Instant since,
      CertificateStatus status,
      List<String> storage,
      Instant now) {
    String name = status.host().toString();
    String sentence =
        status
            .problem()
            .or(() -> storage.stream().findFirst())
            .map(text -> OneLine.of(text, LONGEST_SENTENCE))
            .orElse("no order has failed since the proxy started");
    Matcher fix = FIX.matcher(sentence);
    boolean found = fix.matches();
    return new NameAlert(
        name,
        kind,
        since,
        kind == Trouble.Kind.MISSING ? Optional.empty() : status.notAfter(),
        OneLine.of(found ? fix.group(1) + fix.group(3) : sentence, LONGEST),
        OneLine.of(found ? fix.group(2) : withoutHint(sentence), LONGEST),
        status.nextAttempt(),
        now);
  }

  private static String withoutHint(String sentence) {
    if (sentence.startsWith("the CA's rate limit")) {
      return "nothing, the next order starts by itself";
    }
    if (sentence.contains(" cannot be reached: ")) {
      return "a machine that reaches the CA: its DNS works, and port 443 is open outwards";
    }
    return "nothing, if it passes; else what docs/certificates.md says of this error";
  }

  /** What is wrong, in a few words. */
  String words() {
    return kind == Trouble.Kind.EXPIRING && expires.stream().anyMatch(end -> !end.isAfter(now))
        ? "its certificate has expired"
        : kind.words();
  }

  /** All of it, in some lines. */
  String paragraph() {
    StringBuilder text = new StringBuilder();
    text.append(name).append(": ").append(words());
    text.append(", since ").append(TIME.format(since));
    expires.ifPresent(
        end ->
            text.append(end.isAfter(now) ? "; it expires at " : "; it expired at ")
                .append(TIME.format(end)));
    text.append(".\n  Last error: ").append(error);
    text.append("\n  Expected: ").append(expected);
    nextAttempt.ifPresent(next -> text.append("\n  Tried again at ").append(TIME.format(next)));
    return text.toString();
  }
}
