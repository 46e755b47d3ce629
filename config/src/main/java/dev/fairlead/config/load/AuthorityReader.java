package dev.fairlead.config.load;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.AuthoritySettings.ExternalAccount;
import dev.fairlead.config.schema.AcmeOptions;
import dev.fairlead.config.schema.FallbackOptions;
import dev.fairlead.config.schema.Option;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads what is said of one certificate authority: the first one's settings are below {@code acme},
 * the second one's below {@code acme.fallback}.
 */
record AuthorityReader(
    Option<URI> directory,
    Option<String> email,
    Option<Path> caRoot,
    Option<String> keyId,
    Option<String> hmacKey,
    Option<String> profile,
    Option<String> preferredChain,
    Option<AcmeLimits> limits) {

  static final AuthorityReader FIRST =
      new AuthorityReader(
          AcmeOptions.DIRECTORY,
          AcmeOptions.EMAIL,
          AcmeOptions.CA_ROOT,
          AcmeOptions.EAB_KEY_ID,
          AcmeOptions.EAB_HMAC_KEY,
          AcmeOptions.PROFILE,
          AcmeOptions.PREFERRED_CHAIN,
          AcmeOptions.LIMITS);

  static final AuthorityReader FALLBACK =
      new AuthorityReader(
          FallbackOptions.DIRECTORY,
          FallbackOptions.EMAIL,
          FallbackOptions.CA_ROOT,
          FallbackOptions.EAB_KEY_ID,
          FallbackOptions.EAB_HMAC_KEY,
          FallbackOptions.PROFILE,
          FallbackOptions.PREFERRED_CHAIN,
          FallbackOptions.LIMITS);

  /** Says what does not go together. */
  static void check(Values values, Problems problems) {
    FIRST.checkPair(values, problems);
    FALLBACK.checkPair(values, problems);
    if (!values.isGiven(FallbackOptions.DIRECTORY)) {
      FALLBACK.others().stream()
          .filter(option -> values.find(option).isPresent())
          .findFirst()
          .ifPresent(
              option ->
                  problems.add(
                      FallbackOptions.DIRECTORY.key(),
                      "",
                      "a value, as %s is given".formatted(values.pathOf(option))));
    }
    Optional<URI> second = values.find(FallbackOptions.DIRECTORY);
    if (second.isPresent() && second.equals(values.find(AcmeOptions.DIRECTORY))) {
      problems.add(
          values.pathOf(FallbackOptions.DIRECTORY),
          values.textOf(FallbackOptions.DIRECTORY),
          "another authority than that of acme.directory");
    }
  }

  /** An external account is an id and a key. */
  private void checkPair(Values values, Problems problems) {
    need(hmacKey, keyId, values, problems);
    need(keyId, hmacKey, values, problems);
  }

  private static void need(
      Option<String> missing, Option<String> given, Values values, Problems problems) {
    if (values.find(given).isPresent() && !values.isGiven(missing)) {
      problems.add(missing.key(), "", "a value, as %s is given".formatted(values.pathOf(given)));
    }
  }

  private List<Option<?>> others() {
    return List.of(email, caRoot, keyId, hmacKey, profile, preferredChain, limits);
  }

  /** The settings, once they were found right; empty where there is no directory. */
  Optional<AuthoritySettings> read(Values values) {
    return values
        .find(directory)
        .map(
            address ->
                new AuthoritySettings(
                    address,
                    values.find(email),
                    values.find(caRoot),
                    values.find(keyId).map(id -> new ExternalAccount(id, values.get(hmacKey))),
                    values.find(profile),
                    values.find(preferredChain),
                    values.find(limits)));
  }
}
