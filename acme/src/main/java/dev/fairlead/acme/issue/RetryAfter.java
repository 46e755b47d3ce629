package dev.fairlead.acme.issue;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads {@code Retry-After} (RFC 9110 §10.2.3), by this machine's clock: a date is understood as so
 * long after the answer's own {@code Date}.
 */
final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  /** Empty when there is none, or none that can be read. */
  static Optional<Instant> of(HttpHeaders headers, Instant now) {
    Optional<String> text = headers.firstValue("Retry-After").map(String::strip);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (SECONDS.matcher(text.get()).matches()) {
      return Optional.of(now.plusSeconds(Long.parseLong(text.get())));
    }
    Instant sent = headers.firstValue("Date").flatMap(RetryAfter::date).orElse(now);
    return date(text.get()).map(date -> now.plus(Duration.between(sent, date)));
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
