package dev.fairlead.acme.budget;

import dev.fairlead.config.bootstrap.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A limit in words. */
final class Limit {

  private Limit() {}

  /** Says that it is reached, and until when. */
  static String sentence(Rate rate, String what, String whose, Instant until) {
    return "the CA's limit of %d %s in %s for %s is reached, it goes on at %s"
        .formatted(rate.count(), what, period(rate.period()), whose, time(until));
  }

  /** Says that what is left of it is for others, and until when. */
  static String keptSentence(Rate rate, String what, String whose, Instant until) {
    return ("half of the CA's limit of %d %s in %s for %s is kept for hosts that are routed by"
            + " name, names on demand go on at %s")
        .formatted(rate.count(), what, period(rate.period()), whose, time(until));
  }

  /** A moment to the second, never before it. */
  static String time(Instant moment) {
    Instant second = moment.truncatedTo(ChronoUnit.SECONDS);
    return (second.equals(moment) ? second : second.plusSeconds(1)).toString();
  }

  private static String period(Duration period) {
    if (period.toHours() % 24 == 0 && period.toDays() > 1) {
      return period.toDays() + " days";
    }
    return period.toSeconds() % 3600 == 0 ? period.toHours() + " h" : period.toSeconds() + " s";
  }
}
