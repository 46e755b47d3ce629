package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.ProviderName;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.SettingOptions;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads the settings below {@code acme.dns}. */
final class DnsReader {

  private static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");

  private DnsReader() {}

  /** Says what is missing of what the provider needs. */
  static void check(Values values, Problems problems) {
    Optional<ProviderName> provider = values.find(SettingOptions.ACME_DNS_PROVIDER);
    provider.ifPresent(name -> needed(name).forEach(option -> need(option, values, problems)));
    if (provider.equals(Optional.of(ProviderName.NONE))
        && values.find(SettingOptions.ACME_CHALLENGE).equals(Optional.of(Challenge.DNS_01))) {
      problems.add(
          values.pathOf(SettingOptions.ACME_CHALLENGE),
          "dns-01",
          "acme.dns.provider beside it, which says who puts records into DNS");
    }
  }

  private static List<Option<?>> needed(ProviderName provider) {
    return switch (provider) {
      case NONE -> List.of();
      case RFC2136 ->
          List.of(
              SettingOptions.ACME_DNS_SERVER,
              SettingOptions.ACME_DNS_KEY_NAME,
              SettingOptions.ACME_DNS_SECRET);
      case CLOUDFLARE -> List.of(SettingOptions.ACME_DNS_TOKEN);
      case ACME_DNS ->
          List.of(
              SettingOptions.ACME_DNS_API,
              SettingOptions.ACME_DNS_SUBDOMAIN,
              SettingOptions.ACME_DNS_USER,
              SettingOptions.ACME_DNS_KEY);
      case EXEC -> List.of(SettingOptions.ACME_DNS_COMMAND);
    };
  }

  private static void need(Option<?> option, Values values, Problems problems) {
    if (!values.isGiven(option)) {
      problems.add(
          option.key(),
          "",
          "a value, as %s is %s"
              .formatted(
                  values.pathOf(SettingOptions.ACME_DNS_PROVIDER),
                  values.textOf(SettingOptions.ACME_DNS_PROVIDER)));
    }
  }

  /** The settings, once they were found complete; empty where there is no provider. */
  static Optional<DnsSettings> read(Values values) {
    return provider(values)
        .map(
            provider ->
                new DnsSettings(
                    provider,
                    values.find(SettingOptions.ACME_DNS_RESOLVER),
                    values.get(SettingOptions.ACME_DNS_WAIT)));
  }

  private static Optional<DnsSettings.Provider> provider(Values values) {
    return switch (values.get(SettingOptions.ACME_DNS_PROVIDER)) {
      case NONE -> Optional.empty();
      case RFC2136 ->
          Optional.of(
              new DnsSettings.Rfc2136(
                  values.get(SettingOptions.ACME_DNS_SERVER),
                  values.find(SettingOptions.ACME_DNS_ZONE),
                  values.get(SettingOptions.ACME_DNS_KEY_NAME),
                  values.get(SettingOptions.ACME_DNS_KEY_ALGORITHM),
                  values.get(SettingOptions.ACME_DNS_SECRET)));
      case CLOUDFLARE ->
          Optional.of(
              new DnsSettings.Cloudflare(
                  values.find(SettingOptions.ACME_DNS_API).orElse(CLOUDFLARE),
                  values.get(SettingOptions.ACME_DNS_TOKEN)));
      case ACME_DNS ->
          Optional.of(
              new DnsSettings.AcmeDns(
                  values.get(SettingOptions.ACME_DNS_API),
                  values.get(SettingOptions.ACME_DNS_SUBDOMAIN),
                  values.get(SettingOptions.ACME_DNS_USER),
                  values.get(SettingOptions.ACME_DNS_KEY)));
      case EXEC -> Optional.of(new DnsSettings.Exec(values.get(SettingOptions.ACME_DNS_COMMAND)));
    };
  }
}
