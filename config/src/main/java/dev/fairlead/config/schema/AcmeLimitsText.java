package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.Rate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits of a CA as people write them: {@code orders=300/3h,names=5/168h}. */
final class AcmeLimitsText {

  static final String EXPECTED =
      "off, or limits such as orders=300/3h,domain=50/168h,names=5/168h,validations=5/1h";

  private static final Pattern LIMIT =
      Pattern.compile("(orders|domain|names|validations)=([1-9][0-9]{0,6})/([0-9]{1,9}[a-z]{1,2})");

  private AcmeLimitsText() {}

  static Optional<AcmeLimits> parse(String text) {
    if (text.equals("off")) {
      return Optional.of(AcmeLimits.NONE);
    }
    Map<String, Rate> rates = new HashMap<>();
    for (String part : text.split(",", -1)) {
      Matcher match = LIMIT.matcher(part.strip());
      if (!match.matches()) {
        return Optional.empty();
      }
      Optional<Duration> period = Durations.parse(match.group(3)).filter(Duration::isPositive);
      if (period.isEmpty() || rates.containsKey(match.group(1))) {
        return Optional.empty();
      }
      rates.put(match.group(1), new Rate(Integer.parseInt(match.group(2)), period.get()));
    }
    return Optional.of(
        new AcmeLimits(
            find(rates, "orders"),
            find(rates, "domain"),
            find(rates, "names"),
            find(rates, "validations")));
  }

  private static Optional<Rate> find(Map<String, Rate> rates, String what) {
    return Optional.ofNullable(rates.get(what));
  }
}
