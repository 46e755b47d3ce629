package dev.fairlead.config.bootstrap;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the challenge dns-01 (RFC 8555 §8.4) is answered.
 *
 * @param provider who puts the TXT records into DNS
 * @param resolver the server that zones and delegations are looked up at; empty for the system's
 * @param waitLimit how long a record may take to be at all servers of its zone; zero to look at
 *     none
 */
public record DnsSettings(Provider provider, Optional<ServerAddress> resolver, Duration waitLimit) {

  /** The words for {@link Provider}. */
  public enum ProviderName {
    /** Nobody: there is no dns-01. */
    NONE,
    /** {@link Rfc2136}. */
    RFC2136,
    /** {@link Cloudflare}. */
    CLOUDFLARE,
    /** {@link AcmeDns}. */
    ACME_DNS,
    /** {@link Exec}. */
    EXEC
  }

  /** Who puts the TXT records into DNS. */
  public sealed interface Provider {}

  /** How updates are signed (RFC 8945 §6). */
  public enum KeyAlgorithm {
    /** HMAC with SHA-256. */
    HMAC_SHA256,
    /** HMAC with SHA-512. */
    HMAC_SHA512
  }

  /**
   * A server that takes dynamic updates (RFC 2136), signed with a key (TSIG, RFC 8945).
   *
   * @param zone that the records are in; empty to ask the server
   * @param secret in base64
   */
  public record Rfc2136(
      ServerAddress server,
      Optional<String> zone,
      String keyName,
      KeyAlgorithm algorithm,
      String secret)
      implements Provider {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Rfc2136[server=%s, zone=%s, keyName=%s, algorithm=%s]"
          .formatted(server, zone.orElse("asked for"), keyName, algorithm);
    }
  }

  /**
   * Cloudflare's API.
   *
   * @param api where it is
   * @param token may read zones and edit their DNS
   */
  public record Cloudflare(URI api, String token) implements Provider {

    /** Without the token. */
    @Override
    public String toString() {
      return "Cloudflare[api=%s]".formatted(api);
    }
  }

  /**
   * An acme-dns server, whose record the names' {@code _acme-challenge} leads to.
   *
   * @param api where it is
   * @param subdomain of the account there
   */
  public record AcmeDns(URI api, String subdomain, String user, String key) implements Provider {

    /** Without user and key. */
    @Override
    public String toString() {
      return "AcmeDns[api=%s, subdomain=%s]".formatted(api, subdomain);
    }
  }

  /**
   * A program of the user's.
   *
   * @param command its absolute path
   */
  public record Exec(Path command) implements Provider {}
}
