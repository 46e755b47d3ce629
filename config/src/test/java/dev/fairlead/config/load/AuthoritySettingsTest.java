package dev.fairlead.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.AuthoritySettings.ExternalAccount;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which authorities certificates are ordered at, and what is ordered. */
class AuthoritySettingsTest {

  private static final String KEY = "dGhpcyBpcyB0aGlydHktdHdvIGJ5dGVzIG9yIG1vcmU";

  @TempDir private Path directory;

  @Test
  void isOneAuthorityAndNothingSpecialByDefault() {
    AcmeSettings acme = acme(Map.of());

    assertThat(acme.fallback()).isEmpty();
    assertThat(acme.authority().externalAccount()).isEmpty();
    assertThat(acme.authority().profile()).isEmpty();
    assertThat(acme.authority().preferredChain()).isEmpty();
    assertThat(acme.keys()).isEqualTo(KeySettings.DEFAULT);
    assertThat(acme.archiveAfter()).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void readsWhenNamesThatNoServiceHasAreArchived() {
    AcmeSettings acme = acme(Map.of("acme.archive-after", "720h"));

    assertThat(acme.archiveAfter()).isEqualTo(Duration.ofDays(30));
    assertThat(acme.withLimits(AcmeLimits.NONE).archiveAfter()).isEqualTo(Duration.ofDays(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23h", "8761h", "0s", "7d"})
  void archivesAfterADayAtLeastAndAYearAtMost(String wrong) {
    assertThat(problems(Map.of("acme.archive-after", wrong)))
        .isEqualTo(
            "--acme.archive-after: %s (expected: a duration from 24h to 8760h, in ms, s, m or h)"
                .formatted(wrong));
  }

  @Test
  void readsWhatIsAskedOfTheAuthority() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.eab.key-id", "kid 1",
                "acme.eab.hmac-key", KEY + "=",
                "acme.profile", "shortlived",
                "acme.preferred-chain", "ISRG Root X1",
                "acme.key-type", "rsa4096",
                "acme.key-reuse", "true"));

    assertThat(acme.authority().externalAccount()).contains(new ExternalAccount("kid 1", KEY));
    assertThat(acme.authority().profile()).contains("shortlived");
    assertThat(acme.authority().preferredChain()).contains("ISRG Root X1");
    assertThat(acme.keys()).isEqualTo(new KeySettings(KeySettings.Type.RSA4096, true));
    assertThat(acme.toString()).contains("kid 1").doesNotContain(KEY);
  }

  @Test
  void readsASecondAuthority() {
    AcmeSettings acme =
        acme(
            Map.of(
                "acme.fallback.directory", "https://ca.example.com/dir",
                "acme.fallback.email", "me@example.com",
                "acme.fallback.ca-root", "/run/root.pem",
                "acme.fallback.eab.key-id", "kid-2",
                "acme.fallback.eab.hmac-key", KEY,
                "acme.fallback.profile", "classic",
                "acme.fallback.preferred-chain", "Root 2",
                "acme.fallback.limits", "off"));

    assertThat(acme.fallback())
        .contains(
            new AuthoritySettings(
                URI.create("https://ca.example.com/dir"),
                Optional.of("me@example.com"),
                Optional.of(Path.of("/run/root.pem")),
                Optional.of(new ExternalAccount("kid-2", KEY)),
                Optional.of("classic"),
                Optional.of("Root 2"),
                Optional.of(AcmeLimits.NONE)));
    assertThat(acme.authority().email()).as("of the first one").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "acme.eab.key-id,kid-1,acme.eab.hmac-key",
    "acme.eab.hmac-key," + KEY + ",acme.eab.key-id"
  })
  void anExternalAccountIsAnIdAndAKey(String given, String value, String missing) {
    assertThat(problems(Map.of(given, value)))
        .isEqualTo(missing + ": nothing (expected: a value, as --" + given + " is given)");
  }

  @Test
  void whatIsSaidOfTheSecondAuthorityNeedsItsAddress() {
    assertThat(problems(Map.of("acme.fallback.profile", "classic")))
        .isEqualTo(
            "acme.fallback.directory: nothing (expected: a value, as --acme.fallback.profile is"
                + " given)");
  }

  @Test
  void theSecondAuthorityIsAnotherOne() {
    assertThat(problems(Map.of("acme.fallback.directory", "letsencrypt")))
        .isEqualTo(
            "--acme.fallback.directory: letsencrypt (expected: another authority than that of"
                + " acme.directory)");
  }

  @Test
  void wrongKeysAreNotShown() {
    assertThat(problems(Map.of("acme.eab.key-id", "kid-1", "acme.eab.hmac-key", "short")))
        .isEqualTo(
            "--acme.eab.hmac-key: *** (expected: a key of 32 bytes or more in base64url, as the"
                + " authority gives it)");
    assertThat(problems(Map.of("acme.eab.key-id", "kid-1", "acme.eab.hmac-key", KEY + "+/")))
        .contains("***");
  }

  @Test
  void theKindsOfKeysAreNamed() {
    assertThat(problems(Map.of("acme.key-type", "ed25519")))
        .isEqualTo("--acme.key-type: ed25519 (expected: p256 or p384 or rsa2048 or rsa4096)");
  }

  @Test
  void theKeyComesFromAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), KEY + "\n");

    assertThat(
            settings(
                    SettingsLoader.load(
                        Optional.empty(),
                        Map.of(
                            "FAIRLEAD_ACME_EAB_KEY_ID",
                            "kid-1",
                            "FAIRLEAD_ACME_EAB_HMAC_KEY_FILE",
                            file.toString()),
                        Map.of()))
                .acme()
                .authority()
                .externalAccount())
        .contains(new ExternalAccount("kid-1", KEY));
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
