package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.schema.SettingOptions;
import java.net.URI;
import java.util.Optional;

/**
 * Reads what is said of the time before an order: {@code acme.dns-persist}, {@code acme.staging}.
 */
final class IssuanceReader {

  private IssuanceReader() {}

  /** Says where orders cannot be tried out. */
  static void check(Values values, Problems problems) {
    Optional<URI> directory = values.find(SettingOptions.ACME_DIRECTORY);
    Optional<URI> given = values.find(SettingOptions.ACME_STAGING_DIRECTORY);
    if (given.isPresent() && given.equals(directory)) {
      problems.add(
          values.pathOf(SettingOptions.ACME_STAGING_DIRECTORY),
          values.textOf(SettingOptions.ACME_STAGING_DIRECTORY),
          "another authority than that of acme.directory");
    } else if (isOn(values)
        && directory.isPresent()
        && !values.isWrong(SettingOptions.ACME_STAGING_DIRECTORY)
        && staging(values).isEmpty()) {
      problems.add(
          values.pathOf(SettingOptions.ACME_STAGING_FIRST),
          "true",
          "acme.staging.directory beside it, as no staging of %s is known"
              .formatted(directory.get()));
    }
    Optional<URI> fallback = values.find(SettingOptions.ACME_FALLBACK_DIRECTORY);
    if (isOn(values) && fallback.isPresent() && fallback.equals(staging(values))) {
      problems.add(
          values.pathOf(SettingOptions.ACME_FALLBACK_DIRECTORY),
          values.textOf(SettingOptions.ACME_FALLBACK_DIRECTORY),
          "another authority than the staging, where orders are tried out");
    }
  }

  static IssuanceSettings read(Values values) {
    return new IssuanceSettings(
        values.get(SettingOptions.ACME_DNS_PERSIST_WILDCARDS),
        values.find(SettingOptions.ACME_DNS_PERSIST_ISSUER),
        values.find(SettingOptions.ACME_DNS_RESOLVER),
        isOn(values)
            ? staging(values)
                .map(
                    directory ->
                        AuthoritySettings.plain(
                            directory,
                            values.find(SettingOptions.ACME_EMAIL),
                            values.find(SettingOptions.ACME_CA_ROOT)))
            : Optional.empty());
  }

  private static boolean isOn(Values values) {
    return values.find(SettingOptions.ACME_STAGING_FIRST).orElse(false);
  }

  private static Optional<URI> staging(Values values) {
    return values
        .find(SettingOptions.ACME_STAGING_DIRECTORY)
        .or(() -> values.find(SettingOptions.ACME_DIRECTORY).flatMap(SettingOptions::stagingOf));
  }
}
