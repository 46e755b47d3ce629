package dev.fairlead.config.bootstrap;

import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How certificates are ordered.
 *
 * @param authority where they are ordered
 * @param fallback where they are ordered while that one keeps failing
 * @param challenge how control of a name is shown; of a wildcard and of an IP address see {@link
 *     #challenge(HostPattern)}
 * @param dns how dns-01 is answered; empty where it cannot be
 * @param preflight what is looked at before an order
 * @param archiveAfter how long a name that no service has any more is still renewed
 * @param issuance what else is done before and with an order
 */
public record AcmeSettings(
    AuthoritySettings authority,
    Optional<AuthoritySettings> fallback,
    KeySettings keys,
    Challenge challenge,
    Optional<DnsSettings> dns,
    PreflightSettings preflight,
    Duration archiveAfter,
    IssuanceSettings issuance) {

  /** A week. */
  public static final Duration ARCHIVE_AFTER = Duration.ofDays(7);

  /** Nothing is looked at before an order, and names that no service has are renewed for a week. */
  public AcmeSettings(
      AuthoritySettings authority,
      Optional<AuthoritySettings> fallback,
      KeySettings keys,
      Challenge challenge,
      Optional<DnsSettings> dns) {
    this(
        authority,
        fallback,
        keys,
        challenge,
        dns,
        PreflightSettings.OFF,
        ARCHIVE_AFTER,
        IssuanceSettings.DEFAULT);
  }

  /** One authority that is asked for nothing special. */
  public AcmeSettings(
      URI directory,
      Optional<String> email,
      Optional<Path> caFile,
      Challenge challenge,
      Optional<DnsSettings> dns,
      Optional<AcmeLimits> limits) {
    this(
        AuthoritySettings.plain(directory, email, caFile).withLimits(limits),
        Optional.empty(),
        KeySettings.DEFAULT,
        challenge,
        dns);
  }

  /** The same without dns-01, with the limits that are known of the CA. */
  public AcmeSettings(
      URI directory, Optional<String> email, Optional<Path> caFile, Challenge challenge) {
    this(directory, email, caFile, challenge, Optional.empty(), Optional.empty());
  }

  /** The same with other limits of the first authority. */
  public AcmeSettings withLimits(AcmeLimits other) {
    return new AcmeSettings(
        authority.withLimits(Optional.of(other)),
        fallback,
        keys,
        challenge,
        dns,
        preflight,
        archiveAfter,
        issuance);
  }

  /** The same with other looks before an order. */
  public AcmeSettings withPreflight(PreflightSettings other) {
    return new AcmeSettings(
        authority, fallback, keys, challenge, dns, other, archiveAfter, issuance);
  }

  /** The same with other choices for what is done before an order. */
  public AcmeSettings withIssuance(IssuanceSettings other) {
    return new AcmeSettings(
        authority, fallback, keys, challenge, dns, preflight, archiveAfter, other);
  }

  /**
   * How control of a host is shown: of a wildcard by a record in DNS, whatever others do, of an IP
   * address never by one (RFC 8738 §7).
   */
  public Challenge challenge(HostPattern host) {
    if (host.isAddress()) {
      return switch (challenge) {
        case DNS_01, DNS_PERSIST_01 -> Challenge.HTTP_01;
        case HTTP_01, TLS_ALPN_01 -> challenge;
      };
    }
    if (challenge == Challenge.DNS_PERSIST_01 || !host.wildcard()) {
      return challenge;
    }
    return issuance.persistentWildcards() ? Challenge.DNS_PERSIST_01 : Challenge.DNS_01;
  }

  /** What holds at the second authority: as if it were the only one. */
  public Optional<AcmeSettings> atFallback() {
    return fallback.map(second -> at(second, issuance.atAnother()));
  }

  /** What holds at the first authority's staging, where orders are tried out before. */
  public Optional<AcmeSettings> atStaging() {
    return issuance.staging().map(staging -> at(staging, issuance.withoutStaging()));
  }

  private AcmeSettings at(AuthoritySettings other, IssuanceSettings there) {
    return new AcmeSettings(
        other, Optional.empty(), keys, challenge, dns, preflight, archiveAfter, there);
  }

  /** The directory of the first authority. */
  public URI directory() {
    return authority.directory();
  }

  /** The directories of all authorities, the first one's first. */
  public List<URI> directories() {
    return Stream.concat(Stream.of(authority), fallback.stream())
        .map(AuthoritySettings::directory)
        .toList();
  }

  /** Where the first authority may write to. */
  public Optional<String> email() {
    return authority.email();
  }

  /** What the first authority's own HTTPS is verified with, beside the JDK's certificates. */
  public Optional<Path> caFile() {
    return authority.caFile();
  }

  /** What the first authority lets an account have; empty for what is known of it. */
  public Optional<AcmeLimits> limits() {
    return authority.limits();
  }

  /** How control of a name is shown to the CA. */
  public enum Challenge {
    /** A file on port 80 (RFC 8555 §8.3). */
    HTTP_01,
    /** A certificate on port 443 (RFC 8737). */
    TLS_ALPN_01,
    /** A TXT record in DNS (RFC 8555 §8.4). */
    DNS_01,
    /** A TXT record in DNS that stays there (draft-ietf-acme-dns-persist). */
    DNS_PERSIST_01
  }
}
