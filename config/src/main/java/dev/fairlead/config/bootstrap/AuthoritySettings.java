package dev.fairlead.config.bootstrap;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One certificate authority.
 *
 * @param directory its directory (RFC 8555 §7.1.1)
 * @param email where it may write to
 * @param caFile PEM certificates that its own HTTPS is verified with, beside the JDK's
 * @param externalAccount what binds our account to one that is known there already
 * @param profile the kind of certificate that is ordered; empty for the authority's choice
 * @param preferredChain the name of the root that the chain shall lead to; empty for the
 *     authority's choice
 * @param limits what it lets an account have; empty for what is known of it
 */
public record AuthoritySettings(
    URI directory,
    Optional<String> email,
    Optional<Path> caFile,
    Optional<ExternalAccount> externalAccount,
    Optional<String> profile,
    Optional<String> preferredChain,
    Optional<AcmeLimits> limits) {

  /** An authority that asks for nothing and is asked for nothing special. */
  public static AuthoritySettings plain(
      URI directory, Optional<String> email, Optional<Path> caFile) {
    return new AuthoritySettings(
        directory,
        email,
        caFile,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with other limits. */
  public AuthoritySettings withLimits(Optional<AcmeLimits> other) {
    return new AuthoritySettings(
        directory, email, caFile, externalAccount, profile, preferredChain, other);
  }

  /**
   * An account outside ACME (RFC 8555 §7.3.4).
   *
   * @param keyId what the authority calls it
   * @param hmacKey in base64url; never printed
   */
  public record ExternalAccount(String keyId, String hmacKey) {

    /** Without the key. */
    @Override
    public String toString() {
      return "ExternalAccount[keyId=%s]".formatted(keyId);
    }
  }
}
