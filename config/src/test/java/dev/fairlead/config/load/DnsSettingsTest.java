package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.DnsSettings;
import dev.fairlead.config.bootstrap.DnsSettings.AcmeDns;
import dev.fairlead.config.bootstrap.DnsSettings.Cloudflare;
import dev.fairlead.config.bootstrap.DnsSettings.Exec;
import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.Rfc2136;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings below {@code acme.dns}. */
class DnsSettingsTest {

  private static final String SECRET = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlLi4=";

  @TempDir private Path directory;

  @Test
  void thereIsNoneByDefault() {
    assertThat(acme(Map.of()).dns()).isEmpty();
  }

  @Test
  void readsAServerThatTakesUpdates() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.challenge", "dns-01",
                "acme.dns.provider", "rfc2136",
                "acme.dns.server", "[2001:db8::53]:5353",
                "acme.dns.zone", "Example.com",
                "acme.dns.key-name", "fairlead",
                "acme.dns.key-algorithm", "hmac-sha512",
                "acme.dns.secret", SECRET,
                "acme.dns.resolver", "9.9.9.9",
                "acme.dns.wait", "30s"));

    assertThat(acme.challenge()).isEqualTo(AcmeSettings.Challenge.DNS_01);
    assertThat(acme.dns())
        .contains(
            new DnsSettings(
                new Rfc2136(
                    new ServerAddress("2001:db8::53", 5353),
                    Optional.of("example.com"),
                    "fairlead",
                    KeyAlgorithm.HMAC_SHA512,
                    SECRET),
                Optional.of(new ServerAddress("9.9.9.9", 53)),
                Duration.ofSeconds(30)));
    assertThat(acme.toString()).contains("fairlead").doesNotContain(SECRET);
  }

  @Test
  void readsCloudflare() {
    AcmeSettings acme =
        acme(Map.of("acme.dns.provider", "cloudflare", "acme.dns.token", "a-token-of-mine"));

    assertThat(acme.dns())
        .contains(
            new DnsSettings(
                new Cloudflare(
                    URI.create("https://api.cloudflare.com/client/v4"), "a-token-of-mine"),
                Optional.empty(),
                Duration.ofMinutes(2)));
    assertThat(acme.toString()).doesNotContain("a-token-of-mine");
  }

  @Test
  void readsAcmeDns() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.dns.provider", "acme-dns",
                "acme.dns.api", "https://auth.example.com",
                "acme.dns.subdomain", "8e5700ea-a4bf-41c7-8a77-e990661dcc6a",
                "acme.dns.user", "the-username",
                "acme.dns.key", "the-password"));

    assertThat(acme.dns().map(DnsSettings::provider))
        .contains(
            new AcmeDns(
                URI.create("https://auth.example.com"),
                "8e5700ea-a4bf-41c7-8a77-e990661dcc6a",
                "the-username",
                "the-password"));
    assertThat(acme.toString()).doesNotContain("the-username").doesNotContain("the-password");
  }

  @Test
  void readsAProgram() {
    assertThat(
            acme(Map.of("acme.dns.provider", "exec", "acme.dns.command", "/opt/hook"))
                .dns()
                .map(DnsSettings::provider))
        .contains(new Exec(Path.of("/opt/hook")));
  }

  @Test
  void saysAllThatAProviderNeeds() {
    assertThat(problems(Map.of("acme.dns.provider", "rfc2136")))
        .isEqualTo(
            """
            acme.dns.key-name: nothing (expected: a value, as --acme.dns.provider is rfc2136)
            acme.dns.secret: nothing (expected: a value, as --acme.dns.provider is rfc2136)
            acme.dns.server: nothing (expected: a value, as --acme.dns.provider is rfc2136)\
            """);
  }

  @Test
  void theChallengeNeedsAProvider() {
    assertThat(problems(Map.of("acme.challenge", "dns-01")))
        .isEqualTo(
            "--acme.challenge: dns-01 (expected: acme.dns.provider beside it, which says who puts"
                + " records into DNS)");
  }

  @Test
  void aProgramIsNamedByItsWholePath() {
    assertThat(problems(Map.of("acme.dns.provider", "exec", "acme.dns.command", "hook")))
        .isEqualTo("--acme.dns.command: hook (expected: an absolute path of a file)");
  }

  @Test
  void wrongSecretsAreNotShown() {
    Map<String, String> flags = new HashMap<>();
    flags.put("acme.dns.secret", "not base64!");
    flags.put("acme.dns.token", "with a blank");
    flags.put("acme.dns.user", "short");
    flags.put("acme.dns.key", "short");

    assertThat(problems(flags))
        .isEqualTo(
            """
            --acme.dns.key: *** (expected: 8 to 512 visible ASCII characters)
            --acme.dns.secret: *** (expected: a secret of 16 bytes or more in base64, as the key's file has it)
            --acme.dns.token: *** (expected: 8 to 512 visible ASCII characters)
            --acme.dns.user: *** (expected: 8 to 512 visible ASCII characters)\
            """);
  }

  @Test
  void aSecretComesFromAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "a-token-of-mine\n");

    assertThat(
            settings(
                    SettingsLoader.load(
                        Optional.empty(),
                        Map.of(
                            "FAIRLEAD_ACME_DNS_PROVIDER",
                            "cloudflare",
                            "FAIRLEAD_ACME_DNS_TOKEN_FILE",
                            file.toString()),
                        Map.of()))
                .acme()
                .dns()
                .map(dns -> ((Cloudflare) dns.provider()).token()))
        .contains("a-token-of-mine");
  }

  private static AcmeSettings acme(Map<String, String> flags) {
    return settings(SettingsLoader.load(Optional.empty(), Map.of(), flags)).acme();
  }

  private static Settings settings(Parsed<Settings> parsed) {
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<Settings>) parsed).value();
  }

  private static String problems(Map<String, String> flags) {
    return Shown.problems(SettingsLoader.load(Optional.empty(), Map.of(), flags));
  }
}
