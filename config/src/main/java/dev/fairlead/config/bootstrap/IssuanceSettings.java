package dev.fairlead.config.bootstrap;

import java.util.Optional;

/**
 * What is done before and with an order, by choice.
 *
 * @param persistentWildcards whether wildcards are shown to be ours by dns-persist-01, as all names
 *     are where that is the challenge
 * @param persistIssuer what the first authority calls itself in the records of dns-persist-01;
 *     empty for what it says
 * @param resolver the server that those records are looked up at; empty for the system's
 * @param staging where the first order of a name is tried out before; empty where it is not
 */
public record IssuanceSettings(
    boolean persistentWildcards,
    Optional<String> persistIssuer,
    Optional<ServerAddress> resolver,
    Optional<AuthoritySettings> staging) {

  /** Nothing special. */
  public static final IssuanceSettings DEFAULT =
      new IssuanceSettings(false, Optional.empty(), Optional.empty(), Optional.empty());

  /** The same where orders are not tried out before. */
  IssuanceSettings withoutStaging() {
    return new IssuanceSettings(persistentWildcards, persistIssuer, resolver, Optional.empty());
  }

  /** What is left of it at an authority that calls itself otherwise, and has no staging. */
  IssuanceSettings atAnother() {
    return new IssuanceSettings(persistentWildcards, Optional.empty(), resolver, Optional.empty());
  }
}
