package dev.fairlead.acme.budget;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The limits of CAs that say theirs in public: https://letsencrypt.org/docs/rate-limits/ and
 * https://letsencrypt.org/docs/staging-environment/.
 */
final class KnownLimits {

  private static final Duration ORDERS = Duration.ofHours(3);
  private static final Duration CERTIFICATES = Duration.ofDays(7);
  private static final Duration FAILURES = Duration.ofHours(1);

  private static final AcmeLimits LETSENCRYPT =
      new AcmeLimits(
          Optional.of(new Rate(300, ORDERS)),
          Optional.of(new Rate(50, CERTIFICATES)),
          Optional.of(new Rate(5, CERTIFICATES)),
          Optional.of(new Rate(5, FAILURES)));

  private static final AcmeLimits LETSENCRYPT_STAGING =
      new AcmeLimits(
          Optional.of(new Rate(1_500, ORDERS)),
          Optional.of(new Rate(30_000, CERTIFICATES)),
          Optional.of(new Rate(30_000, CERTIFICATES)),
          Optional.of(new Rate(60, FAILURES)));

  private KnownLimits() {}

  /** What holds at a CA when nothing else is set; nothing where nothing is known. */
  static AcmeLimits of(URI directory) {
    return switch (Optional.ofNullable(directory.getHost()).orElse("").toLowerCase(Locale.ROOT)) {
      case "acme-v02.api.letsencrypt.org" -> LETSENCRYPT;
      case "acme-staging-v02.api.letsencrypt.org" -> LETSENCRYPT_STAGING;
      default -> AcmeLimits.NONE;
    };
  }
}
