package dev.fairlead.acme;

import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.AuthoritySettings.ExternalAccount;
import dev.fairlead.config.bootstrap.KeySettings;
import java.net.URI;
import java.util.Optional;

/** Settings for CAs that run for a test. */
final class CaSettings {

  private CaSettings() {}

  static AuthoritySettings of(Pebble pebble) {
    return of(pebble, pebble.acmeDirectory());
  }

  /** Where it is seen through something in front of it. */
  static AuthoritySettings of(Pebble pebble, URI directory) {
    return AuthoritySettings.plain(
        directory, Optional.of("somebody@fairlead-tests.com"), Optional.of(pebble.caFile()));
  }

  static AuthoritySettings withAccount(AuthoritySettings plain, ExternalAccount account) {
    return with(plain, Optional.of(account), plain.profile(), plain.preferredChain());
  }

  static AuthoritySettings withProfile(AuthoritySettings plain, String profile) {
    return with(plain, plain.externalAccount(), Optional.of(profile), plain.preferredChain());
  }

  static AuthoritySettings withChain(AuthoritySettings plain, String root) {
    return with(plain, plain.externalAccount(), plain.profile(), Optional.of(root));
  }

  private static AuthoritySettings with(
      AuthoritySettings plain,
      Optional<ExternalAccount> account,
      Optional<String> profile,
      Optional<String> chain) {
    return new AuthoritySettings(
        plain.directory(), plain.email(), plain.caFile(), account, profile, chain, plain.limits());
  }

  static AcmeSettings acme(AuthoritySettings authority) {
    return acme(authority, Optional.empty(), KeySettings.DEFAULT);
  }

  static AcmeSettings acme(
      AuthoritySettings authority, Optional<AuthoritySettings> fallback, KeySettings keys) {
    return new AcmeSettings(authority, fallback, keys, Challenge.HTTP_01, Optional.empty());
  }
}
