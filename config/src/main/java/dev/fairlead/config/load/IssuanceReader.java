package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.schema.AcmeDnsOptions;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.FallbackOptions;
import java.net.URI;
import java.util.Optional;

/**
 * Reads what is said of the time before an order: {@code acme.dns-persist}, {@code acme.staging}.
 */
final class IssuanceReader {

  private IssuanceReader() {}

  /** Says where orders cannot be tried out. */
  static void check(Values values, Problems problems) {
    Optional<URI> directory = values.find(AcmeOptions.DIRECTORY);
    Optional<URI> given = values.find(AcmeOptions.STAGING_DIRECTORY);
    if (given.isPresent() && given.equals(directory)) {
      problems.add(
          values.pathOf(AcmeOptions.STAGING_DIRECTORY),
          values.textOf(AcmeOptions.STAGING_DIRECTORY),
          "another authority than that of acme.directory");
    } else if (isOn(values)
        && directory.isPresent()
        && !values.isWrong(AcmeOptions.STAGING_DIRECTORY)
        && staging(values).isEmpty()) {
      problems.add(
          values.pathOf(AcmeOptions.STAGING_FIRST),
          "true",
          "acme.staging.directory beside it, as no staging of %s is known"
              .formatted(directory.get()));
    }
    Optional<URI> fallback = values.find(FallbackOptions.DIRECTORY);
    if (isOn(values) && fallback.isPresent() && fallback.equals(staging(values))) {
      problems.add(
          values.pathOf(FallbackOptions.DIRECTORY),
          values.textOf(FallbackOptions.DIRECTORY),
          "another authority than the staging, where orders are tried out");
    }
  }

  static IssuanceSettings read(Values values) {
    return new IssuanceSettings(
        values.get(AcmeOptions.DNS_PERSIST_WILDCARDS),
        values.find(AcmeOptions.DNS_PERSIST_ISSUER),
        values.find(AcmeDnsOptions.RESOLVER),
        isOn(values)
            ? staging(values)
                .map(
                    directory ->
                        AuthoritySettings.plain(
                            directory,
                            values.find(AcmeOptions.EMAIL),
                            values.find(AcmeOptions.CA_ROOT)))
            : Optional.empty());
  }

  private static boolean isOn(Values values) {
    return values.find(AcmeOptions.STAGING_FIRST).orElse(false);
  }

  private static Optional<URI> staging(Values values) {
    return values
        .find(AcmeOptions.STAGING_DIRECTORY)
        .or(() -> values.find(AcmeOptions.DIRECTORY).flatMap(AcmeOptions::stagingOf));
  }
}
