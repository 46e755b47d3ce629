package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The settings below {@code acme.dns-persist} and {@code acme.staging}. */
class IssuanceSettingsTest {

  private static final HostPattern HOST = new HostPattern(false, "example.com");
  private static final HostPattern ADDRESS = HostPattern.parse("203.0.113.5").orElseThrow();
  private static final HostPattern WILDCARD = new HostPattern(true, "example.com");

  @Test
  void nothingSpecialIsDoneByDefault() {
    AcmeSettings acme = acme(Map.of());

    assertThat(acme.issuance()).isEqualTo(IssuanceSettings.DEFAULT);
    assertThat(acme.challenge(HOST)).isEqualTo(Challenge.HTTP_01);
    assertThat(acme.challenge(WILDCARD)).isEqualTo(Challenge.DNS_01);
    assertThat(acme.atStaging()).isEmpty();
  }

  @Test
  void recordsThatStayAreForAllNames() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.challenge", "dns-persist-01",
                "acme.dns-persist.issuer", "letsencrypt.org",
                "acme.dns.resolver", "9.9.9.9"));

    assertThat(acme.challenge(HOST)).isEqualTo(Challenge.DNS_PERSIST_01);
    assertThat(acme.challenge(WILDCARD)).isEqualTo(Challenge.DNS_PERSIST_01);
    assertThat(acme.challenge(ADDRESS)).isEqualTo(Challenge.HTTP_01);
    assertThat(acme.issuance().persistIssuer()).contains("letsencrypt.org");
    assertThat(acme.issuance().resolver()).contains(new ServerAddress("9.9.9.9", 53));
  }

  @Test
  void orForWildcardsAlone() {
    AcmeSettings acme = acme(Map.of("acme.dns-persist.wildcards", "true"));

    assertThat(acme.challenge(HOST)).isEqualTo(Challenge.HTTP_01);
    assertThat(acme.challenge(WILDCARD)).isEqualTo(Challenge.DNS_PERSIST_01);
  }

  @Test
  void theStagingOfLetsEncryptIsKnown() {
    AcmeSettings acme = acme(Map.of("acme.staging-first", "true", "acme.email", "me@example.com"));

    AcmeSettings staging = acme.atStaging().orElseThrow();
    assertThat(staging.authority())
        .isEqualTo(
            AuthoritySettings.plain(
                URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"),
                Optional.of("me@example.com"),
                Optional.empty()));
    assertThat(staging.atStaging()).as("it is not tried out itself").isEmpty();
    assertThat(acme.directories()).containsExactly(acme.directory());
  }

  @Test
  void thatOfOthersIsNot() {
    assertThat(
            problems(
                Map.of(
                    "acme.staging-first", "true",
                    "acme.directory", "https://ca.example/directory")))
        .isEqualTo(
            "--acme.staging-first: true (expected: acme.staging.directory beside it, as no staging"
                + " of https://ca.example/directory is known)");
    assertThat(
            acme(Map.of(
                    "acme.staging-first", "true",
                    "acme.directory", "https://ca.example/directory",
                    "acme.staging.directory", "https://ca.example/staging"))
                .atStaging()
                .map(AcmeSettings::directory))
        .contains(URI.create("https://ca.example/staging"));
  }

  @Test
  void itIsAnotherAuthority() {
    assertThat(
            problems(
                Map.of(
                    "acme.staging-first", "true",
                    "acme.directory", "letsencrypt-staging",
                    "acme.staging.directory", "letsencrypt-staging")))
        .isEqualTo(
            "--acme.staging.directory: letsencrypt-staging (expected: another authority than that"
                + " of acme.directory)");
  }

  @Test
  void norIsItTheSecondOne() {
    assertThat(
            problems(
                Map.of(
                    "acme.staging-first", "true",
                    "acme.fallback.directory", "letsencrypt-staging")))
        .isEqualTo(
            "--acme.fallback.directory: letsencrypt-staging (expected: another authority than the"
                + " staging, where orders are tried out)");
  }

  @Test
  void theSecondAuthorityCallsItselfOtherwise() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.challenge", "dns-persist-01",
                "acme.dns-persist.issuer", "letsencrypt.org",
                "acme.staging-first", "true",
                "acme.fallback.directory", "https://ca.example/directory"));

    AcmeSettings second = acme.atFallback().orElseThrow();
    assertThat(second.issuance().persistIssuer()).isEmpty();
    assertThat(second.challenge(HOST)).isEqualTo(Challenge.DNS_PERSIST_01);
    assertThat(second.atStaging()).isEmpty();
    assertThat(acme.atStaging().orElseThrow().issuance().persistIssuer())
        .as("as the authority whose staging it is")
        .contains("letsencrypt.org");
  }

  private static AcmeSettings acme(Map<String, String> flags) {
    Parsed<Settings> parsed = SettingsLoader.load(Optional.empty(), Map.of(), flags);
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<Settings>) parsed).value().acme();
  }

  private static String problems(Map<String, String> flags) {
    return Shown.problems(SettingsLoader.load(Optional.empty(), Map.of(), flags));
  }
}
