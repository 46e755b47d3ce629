package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.KeySettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How certificates are ordered: {@code acme.*}, but for what {@link AcmeDnsOptions} and {@link
 * FallbackOptions} have.
 */
public final class AcmeOptions {

  private static final URI LETSENCRYPT =
      URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final URI LETSENCRYPT_STAGING =
      URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");
  static final ValueType<URI> AUTHORITY =
      Types.httpsAddress(
          Map.of("letsencrypt", LETSENCRYPT, "letsencrypt-staging", LETSENCRYPT_STAGING));

  public static final Option<URI> DIRECTORY =
      Option.of(
          "acme.directory",
          AUTHORITY,
          "letsencrypt",
          "The directory of the certificate authority: `letsencrypt`, `letsencrypt-staging` or an"
              + " `https://` address.",
          "letsencrypt-staging");

  public static final Option<String> EMAIL =
      Option.optional(
          "acme.email",
          Types.EMAIL_ADDRESS,
          "",
          "Where the certificate authority may write to.",
          "me@example.com");

  public static final Option<Path> CA_ROOT =
      Option.optional(
          "acme.ca-root",
          Types.FILE_PATH,
          "",
          "PEM certificates that the authority's own HTTPS is verified with, beside the well-known"
              + " ones.",
          "/run/secrets/ca.pem");

  public static final Option<String> EAB_KEY_ID =
      Option.optional(
          "acme.eab.key-id",
          Types.LABEL,
          "",
          "Where the authority knows its customers already (external account binding): what it"
              + " calls the key.",
          "kid-1");

  public static final Option<String> EAB_HMAC_KEY =
      Option.optional(
              "acme.eab.hmac-key",
              Types.BASE64URL_SECRET,
              "",
              "That key.",
              "bm90IGEgc2VjcmV0IGF0IGFsbCwgZm9yIG5vYm9keSE")
          .hidden();

  public static final Option<String> PROFILE =
      Option.optional(
          "acme.profile",
          Types.TOKEN,
          "the authority's choice",
          "The kind of certificate, one of those that the authority offers; Let's Encrypt's are"
              + " `classic`, `tlsserver` (45 days) and `shortlived` (160 hours), which is the one"
              + " for IP addresses, also when nothing is set.",
          "tlsserver");

  public static final Option<String> PREFERRED_CHAIN =
      Option.optional(
          "acme.preferred-chain",
          Types.LABEL,
          "the authority's choice",
          "Where the authority offers several chains: the common name of the root that it shall"
              + " lead to.",
          "ISRG Root X1");

  public static final Option<KeySettings.Type> KEY_TYPE =
      Option.of(
          "acme.key-type",
          Types.words(KeySettings.Type.class),
          "p256",
          "The key of a certificate. RSA is for very old clients, and costs the proxy more with"
              + " each handshake.",
          "rsa2048");

  public static final Option<Boolean> KEY_REUSE =
      Option.of(
          "acme.key-reuse",
          Types.SWITCH,
          "false",
          "Whether a renewal keeps the key of the certificate before it, for clients or DNS records"
              + " (TLSA) that know it; else each certificate has a new one.");

  public static final Option<Duration> ARCHIVE_AFTER =
      Option.of(
          "acme.archive-after",
          Types.duration(Duration.ofDays(1), Duration.ofDays(365)),
          "168h",
          "How long a name that no service has any more is still renewed. Then its folder goes to"
              + " the storage's archive, from where it comes back by itself.",
          "720h");

  public static final Option<Challenge> CHALLENGE =
      Option.of(
          "acme.challenge",
          Types.words(Challenge.class),
          "http-01",
          "How control of a name is shown: on port 80, on port 443, by a TXT record in DNS, or by"
              + " one that you set once and that stays (`dns-persist-01`, a draft that few"
              + " authorities offer: `fairlead certs record` prints it). A wildcard's by `dns-01`,"
              + " where `acme.dns.provider` is set, or by `dns-persist-01`; an IP address's by"
              + " neither.");

  public static final Option<Boolean> DNS_PERSIST_WILDCARDS =
      Option.of(
          "acme.dns-persist.wildcards",
          Types.SWITCH,
          "false",
          "Whether control of wildcards is shown by `dns-persist-01` where other names go by"
              + " another challenge: they need no access to DNS then.");

  public static final Option<String> DNS_PERSIST_ISSUER =
      Option.optional(
          "acme.dns-persist.issuer",
          Types.DOMAIN,
          "as the authority says",
          "What the authority calls itself in the records of `dns-persist-01`, where it says"
              + " nothing or several names.",
          "letsencrypt.org");

  public static final Option<Boolean> STAGING_FIRST =
      Option.of(
          "acme.staging-first",
          Types.SWITCH,
          "false",
          "Whether a name that never had a certificate is ordered at the authority's staging first:"
              + " what fails there costs nothing of the authority's limits.");

  public static final Option<URI> STAGING_DIRECTORY =
      Option.optional(
          "acme.staging.directory",
          AUTHORITY,
          "Let's Encrypt's for `letsencrypt`",
          "The directory of that staging.",
          "letsencrypt-staging");

  public static final Option<AcmeLimits> LIMITS =
      Option.optional(
          "acme.limits",
          Types.ACME_LIMITS,
          "what is known of the authority: Let's Encrypt's own, none for others",
          "What the certificate authority allows, which is never exceeded by all instances"
              + " together: new `orders` of the account, certificates below one registered"
              + " `domain`, certificates for exactly the same `names`, failed `validations` of a"
              + " name. What is not named has no limit; `off` for none at all.",
          "orders=300/3h,domain=50/168h,names=5/168h,validations=5/1h");

  public static final Option<Boolean> PREFLIGHT =
      Option.of(
          "acme.preflight",
          Types.SWITCH,
          "true",
          "Whether it is looked, before a certificate is ordered, if the order can succeed: the"
              + " name's addresses, whether they lead here, its CAA records. What cannot succeed"
              + " is not ordered before somebody changes it.",
          "false");

  public static final Option<List<InetAddress>> ADDRESSES =
      Option.optional(
          "acme.addresses",
          Types.IP_ADDRESSES,
          "found out",
          "The addresses at which the internet reaches this cluster, all of them, where they never"
              + " change: a name that leads elsewhere is not ordered. Not where something in front"
              + " has addresses of its own, such as a CDN.",
          "203.0.113.5,2001:db8::5");

  public static final Option<Integer> ON_DEMAND_NAMES =
      Option.of(
          "acme.on-demand.names",
          Types.count(1, 2000),
          "1000",
          "How many names have certificates because clients came for them (`tls.on-demand`), of all"
              + " services together.");

  public static final Option<Integer> ON_DEMAND_PER_HOUR =
      Option.of(
          "acme.on-demand.per-hour",
          Types.count(1, 1000),
          "10",
          "How many such names are new within an hour, at most.");

  static final Catalogue ALL =
      Catalogue.of(
          DIRECTORY,
          EMAIL,
          CA_ROOT,
          EAB_KEY_ID,
          EAB_HMAC_KEY,
          PROFILE,
          PREFERRED_CHAIN,
          KEY_TYPE,
          KEY_REUSE,
          ARCHIVE_AFTER,
          CHALLENGE,
          DNS_PERSIST_WILDCARDS,
          DNS_PERSIST_ISSUER,
          STAGING_FIRST,
          STAGING_DIRECTORY,
          LIMITS,
          PREFLIGHT,
          ADDRESSES,
          ON_DEMAND_NAMES,
          ON_DEMAND_PER_HOUR);

  private AcmeOptions() {}

  /** Where an authority lets orders be tried out, if that is known. */
  public static Optional<URI> stagingOf(URI directory) {
    return directory.equals(LETSENCRYPT) ? Optional.of(LETSENCRYPT_STAGING) : Optional.empty();
  }
}
