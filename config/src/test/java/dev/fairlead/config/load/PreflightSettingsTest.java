package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.PreflightSettings;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.Settings;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is looked at before an order. */
class PreflightSettingsTest {

  @Test
  void itIsLookedUnlessSomebodySaysOtherwise() {
    assertThat(acme(Map.of()).preflight())
        .isEqualTo(new PreflightSettings(true, List.of(), Optional.empty()));
    assertThat(acme(Map.of("acme.preflight", "false")).preflight().enabled()).isFalse();
  }

  @Test
  void readsOurAddressesAndWhoIsAskedWithoutAProviderOfRecordsToo() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.addresses", "203.0.113.5, 2001:DB8:0::5",
                "acme.dns.resolver", "9.9.9.9"));
    assertThat(acme.preflight())
        .isEqualTo(
            new PreflightSettings(
                true,
                List.of(InetAddress.ofLiteral("203.0.113.5"), InetAddress.ofLiteral("2001:db8::5")),
                Optional.of(new ServerAddress("9.9.9.9", 53))));
    assertThat(acme.dns()).isEmpty();
  }

  @Test
  void theSecondAuthorityIsLookedForAlike() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.addresses", "203.0.113.5",
                "acme.fallback.directory", "https://acme.example.net/directory"));
    assertThat(acme.atFallback().orElseThrow().preflight()).isEqualTo(acme.preflight());
  }

  @Test
  void saysWhatIsNoAddress() {
    assertThat(
            Shown.problems(
                SettingsLoader.load(
                    Optional.empty(),
                    Map.of(),
                    Map.of(
                        "acme.addresses",
                        "203.0.113.5,home.example.com",
                        "acme.preflight",
                        "maybe"))))
        .isEqualTo(
            """
            --acme.addresses: home.example.com (expected: an IP address such as 203.0.113.5 or 2001:db8::5)
            --acme.preflight: maybe (expected: true or false)\
            """);
  }

  private static AcmeSettings acme(Map<String, String> flags) {
    Parsed<Settings> parsed = SettingsLoader.load(Optional.empty(), Map.of(), flags);
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<Settings>) parsed).value().acme();
  }
}
