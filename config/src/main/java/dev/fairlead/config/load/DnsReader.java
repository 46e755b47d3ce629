package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.ProviderName;
import dev.fairlead.config.schema.AcmeDnsOptions;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.Option;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads the settings below {@code acme.dns}. */
final class DnsReader {

  private static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");

  private DnsReader() {}

  /** Says what is missing of what the provider needs. */
  static void check(Values values, Problems problems) {
    Optional<ProviderName> provider = values.find(AcmeDnsOptions.PROVIDER);
    provider.ifPresent(name -> needed(name).forEach(option -> need(option, values, problems)));
    if (provider.equals(Optional.of(ProviderName.NONE))
        && values.find(AcmeOptions.CHALLENGE).equals(Optional.of(Challenge.DNS_01))) {
      problems.add(
          values.pathOf(AcmeOptions.CHALLENGE),
          "dns-01",
          "acme.dns.provider beside it, which says who puts records into DNS");
    }
  }

  private static List<Option<?>> needed(ProviderName provider) {
    return switch (provider) {
      case NONE -> List.of();
      case RFC2136 ->
          List.of(AcmeDnsOptions.SERVER, AcmeDnsOptions.KEY_NAME, AcmeDnsOptions.SECRET);
      case CLOUDFLARE -> List.of(AcmeDnsOptions.TOKEN);
      case ACME_DNS ->
          List.of(
              AcmeDnsOptions.API,
              AcmeDnsOptions.SUBDOMAIN,
              AcmeDnsOptions.USER,
              AcmeDnsOptions.KEY);
      case EXEC -> List.of(AcmeDnsOptions.COMMAND);
    };
  }

  private static void need(Option<?> option, Values values, Problems problems) {
    if (!values.isGiven(option)) {
      problems.add(
          option.key(),
          "",
          "a value, as %s is %s"
              .formatted(
                  values.pathOf(AcmeDnsOptions.PROVIDER), values.textOf(AcmeDnsOptions.PROVIDER)));
    }
  }

  /** The settings, once they were found complete; empty where there is no provider. */
  static Optional<DnsSettings> read(Values values) {
    return provider(values)
        .map(
            provider ->
                new DnsSettings(
                    provider,
                    values.find(AcmeDnsOptions.RESOLVER),
                    values.get(AcmeDnsOptions.WAIT)));
  }

  private static Optional<DnsSettings.Provider> provider(Values values) {
    return switch (values.get(AcmeDnsOptions.PROVIDER)) {
      case NONE -> Optional.empty();
      case RFC2136 ->
          Optional.of(
              new DnsSettings.Rfc2136(
                  values.get(AcmeDnsOptions.SERVER),
                  values.find(AcmeDnsOptions.ZONE),
                  values.get(AcmeDnsOptions.KEY_NAME),
                  values.get(AcmeDnsOptions.KEY_ALGORITHM),
                  values.get(AcmeDnsOptions.SECRET)));
      case CLOUDFLARE ->
          Optional.of(
              new DnsSettings.Cloudflare(
                  values.find(AcmeDnsOptions.API).orElse(CLOUDFLARE),
                  values.get(AcmeDnsOptions.TOKEN)));
      case ACME_DNS ->
          Optional.of(
              new DnsSettings.AcmeDns(
                  values.get(AcmeDnsOptions.API),
                  values.get(AcmeDnsOptions.SUBDOMAIN),
                  values.get(AcmeDnsOptions.USER),
                  values.get(AcmeDnsOptions.KEY)));
      case EXEC -> Optional.of(new DnsSettings.Exec(values.get(AcmeDnsOptions.COMMAND)));
    };
  }
}
