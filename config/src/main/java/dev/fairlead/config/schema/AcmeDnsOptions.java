package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.ProviderName;
import dev.fairlead.config.bootstrap.ServerAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** How dns-01 is answered: {@code acme.dns.*}. */
public final class AcmeDnsOptions {

  public static final Option<ProviderName> PROVIDER =
      Option.of(
          "acme.dns.provider",
          Types.words(ProviderName.class),
          "none",
          "Who puts the TXT records of `dns-01` into DNS: a DNS server by signed updates"
              + " (`rfc2136`), Cloudflare's API, an acme-dns server, or a program (`exec`).",
          "none");

  public static final Option<Duration> WAIT =
      Option.of(
          "acme.dns.wait",
          Types.duration(Duration.ZERO, Duration.ofHours(1)),
          "2m",
          "How long a record may take to be at all servers of its zone, before the certificate"
              + " authority is told to look; `0s` to look at none of them.");

  public static final Option<ServerAddress> RESOLVER =
      Option.optional(
          "acme.dns.resolver",
          Types.DNS_SERVER,
          "those of the system",
          "The DNS server that names are looked up at before an order, and for `dns-01` zones,"
              + " their servers and delegations (CNAME); one that sees what the world sees.",
          "9.9.9.9");

  public static final Option<ServerAddress> SERVER =
      Option.optional(
          "acme.dns.server",
          Types.DNS_SERVER,
          "",
          "`rfc2136`: the server that takes updates, the primary of the zone.",
          "192.0.2.53");

  public static final Option<String> ZONE =
      Option.optional(
          "acme.dns.zone",
          Types.DOMAIN,
          "as the server says",
          "`rfc2136`: the zone that the records are in.",
          "example.com");

  public static final Option<String> KEY_NAME =
      Option.optional(
          "acme.dns.key-name",
          Types.KEY_NAME_OF_DNS,
          "",
          "`rfc2136`: the name of the key that signs updates (TSIG).",
          "fairlead");

  public static final Option<KeyAlgorithm> KEY_ALGORITHM =
      Option.of(
          "acme.dns.key-algorithm",
          Types.words(KeyAlgorithm.class),
          "hmac-sha256",
          "`rfc2136`: its algorithm.");

  public static final Option<String> SECRET =
      Option.optional(
              "acme.dns.secret",
              Types.BASE64_SECRET,
              "",
              "`rfc2136`: its secret.",
              "bm90IGEgc2VjcmV0IGF0IGFsbA==")
          .hidden();

  public static final Option<String> TOKEN =
      Option.optional(
              "acme.dns.token",
              Types.CREDENTIAL,
              "",
              "`cloudflare`: an API token that may read the zone and edit its DNS.",
              "cf_0123456789abcdef")
          .hidden();

  public static final Option<URI> API =
      Option.optional(
          "acme.dns.api",
          Types.httpsAddress(Map.of()),
          "Cloudflare's own",
          "`acme-dns`, `cloudflare`: where the API is.",
          "https://auth.example.com");

  public static final Option<String> SUBDOMAIN =
      Option.optional(
          "acme.dns.subdomain",
          Types.DOMAIN,
          "",
          "`acme-dns`: the account's subdomain; `_acme-challenge` of each host is a CNAME to it.",
          "8e5700ea-a4bf-41c7-8a77-e990661dcc6a");

  public static final Option<String> USER =
      Option.optional(
              "acme.dns.user",
              Types.CREDENTIAL,
              "",
              "`acme-dns`: its username.",
              "c36f50e8-4632-44f0-83fe-e070fef28a10")
          .hidden();

  public static final Option<String> KEY =
      Option.optional(
              "acme.dns.key",
              Types.CREDENTIAL,
              "",
              "`acme-dns`: its password.",
              "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z")
          .hidden();

  public static final Option<Path> COMMAND =
      Option.optional(
          "acme.dns.command",
          Types.ABSOLUTE_PATH,
          "",
          "`exec`: the program that is called with `present` or `cleanup`, the record's name and"
              + " its value.",
          "/etc/fairlead/dns-hook");

  static final Catalogue ALL =
      Catalogue.of(
          PROVIDER,
          WAIT,
          RESOLVER,
          SERVER,
          ZONE,
          KEY_NAME,
          KEY_ALGORITHM,
          SECRET,
          TOKEN,
          API,
          SUBDOMAIN,
          USER,
          KEY,
          COMMAND);

  private AcmeDnsOptions() {}
}
