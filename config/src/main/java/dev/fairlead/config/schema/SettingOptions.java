package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.ProviderName;
import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.ServerAddress;
import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.bootstrap.WebhookSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.config.routing.MinimumRate;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is set once for a process, by YAML, environment variables or flags. Long because it is the
 * one table of all of them, in the order of the reference page; there is no logic in it.
 */
public final class SettingOptions {

  private static final URI LETSENCRYPT =
      URI.create("https://acme-v02.api.letsencrypt.org/directory");
  private static final URI LETSENCRYPT_STAGING =
      URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");
  private static final ValueType<URI> AUTHORITY =
      Types.httpsAddress(
          Map.of("letsencrypt", LETSENCRYPT, "letsencrypt-staging", LETSENCRYPT_STAGING));

  public static final Option<String> DOMAIN =
      Option.optional(
          "domain",
          Types.DOMAIN,
          "",
          "A service without a `host` is served at `<service>.<domain>`.",
          "example.com");

  public static final Option<ListenAddress> LISTENERS_HTTP =
      Option.of(
          "listeners.http",
          Types.LISTEN_ADDRESS,
          ":80",
          "Where plain HTTP is answered: redirects, the ACME challenge, services with"
              + " `redirect=off`.");

  public static final Option<ListenAddress> LISTENERS_HTTPS =
      Option.of(
          "listeners.https", Types.LISTEN_ADDRESS, ":443", "Where everything else is answered.");

  public static final Option<ListenAddress> LISTENERS_ADMIN =
      Option.of(
          "listeners.admin",
          Types.LISTEN_ADDRESS,
          "127.0.0.1:9180",
          "Where `/healthz`, `/readyz` and `/metrics` are answered.");

  public static final Option<Integer> LISTENERS_PUBLIC_HTTPS_PORT =
      Option.of(
          "listeners.public-https-port",
          Types.PORT_NUMBER,
          "443",
          "The port that visitors reach `listeners.https` at; redirects name it.");

  public static final Option<HostPattern> LISTENERS_DEFAULT_ADDRESS =
      Option.optional(
          "listeners.default-address",
          Types.IP_ADDRESS,
          "the only public one that is routed",
          "Whose certificate is given to clients that name no host, which those of an IP address"
              + " cannot, where the connection itself does not say it.",
          "203.0.113.5");

  public static final Option<List<IpNetwork>> TRUSTED_NETWORKS =
      Option.optional(
          "trusted.networks",
          Types.IP_NETWORKS,
          "none",
          "Networks of proxies in front of this one. What they say of their clients in the fields"
              + " of `trusted.header` is believed, and passed on; what everybody else says there is"
              + " removed. An `X-Request-Id` is taken from them, too.",
          "192.168.1.10");

  public static final Option<Boolean> TRUSTED_PROXY_PROTOCOL =
      Option.of(
          "trusted.proxy-protocol",
          Types.SWITCH,
          "false",
          "Whether connections from these networks begin with a header of the PROXY protocol,"
              + " version 1 or 2; those without one are closed then.");

  public static final Option<TrustSettings.Header> TRUSTED_HEADER =
      Option.of(
          "trusted.header",
          Types.words(TrustSettings.Header.class),
          "x-forwarded",
          "Where they say it: `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, or `Forwarded`"
              + " (RFC 7239). The other one is not believed.");

  public static final Option<ForwardedSettings.Header> FORWARDED_HEADER =
      Option.of(
          "forwarded.header",
          Types.words(ForwardedSettings.Header.class),
          "x-forwarded",
          "Where apps are told who asks: `X-Forwarded-For`, `-Proto`, `-Host`, `-Port` and"
              + " `X-Real-IP`, or `Forwarded` (RFC 7239), or all of them.",
          "both");

  public static final Option<ForwardedSettings.NewTrace> FORWARDED_NEW_TRACE =
      Option.of(
          "forwarded.new-trace",
          Types.words(ForwardedSettings.NewTrace.class),
          "sampled",
          "The `traceparent` of a request that has none, or none that is valid: apps that go by"
              + " their caller record it (`sampled`) or don't; `off` makes none.",
          "off");

  public static final Option<URI> ACME_DIRECTORY =
      Option.of(
          "acme.directory",
          AUTHORITY,
          "letsencrypt",
          "The directory of the certificate authority: `letsencrypt`, `letsencrypt-staging` or an"
              + " `https://` address.",
          "letsencrypt-staging");

  public static final Option<String> ACME_EMAIL =
      Option.optional(
          "acme.email",
          Types.EMAIL_ADDRESS,
          "",
          "Where the certificate authority may write to.",
          "me@example.com");

  public static final Option<Path> ACME_CA_ROOT =
      Option.optional(
          "acme.ca-root",
          Types.FILE_PATH,
          "",
          "PEM certificates that the authority's own HTTPS is verified with, beside the well-known"
              + " ones.",
          "/run/secrets/ca.pem");

  public static final Option<String> ACME_EAB_KEY_ID =
      Option.optional(
          "acme.eab.key-id",
          Types.LABEL,
          "",
          "Where the authority knows its customers already (external account binding): what it"
              + " calls the key.",
          "kid-1");

  public static final Option<String> ACME_EAB_HMAC_KEY =
      Option.optional(
              "acme.eab.hmac-key",
              Types.BASE64URL_SECRET,
              "",
              "That key.",
              "bm90IGEgc2VjcmV0IGF0IGFsbCwgZm9yIG5vYm9keSE")
          .hidden();

  public static final Option<String> ACME_PROFILE =
      Option.optional(
          "acme.profile",
          Types.TOKEN,
          "the authority's choice",
          "The kind of certificate, one of those that the authority offers; Let's Encrypt's are"
              + " `classic`, `tlsserver` (45 days) and `shortlived` (160 hours), which is the one"
              + " for IP addresses, also when nothing is set.",
          "tlsserver");

  public static final Option<String> ACME_PREFERRED_CHAIN =
      Option.optional(
          "acme.preferred-chain",
          Types.LABEL,
          "the authority's choice",
          "Where the authority offers several chains: the common name of the root that it shall"
              + " lead to.",
          "ISRG Root X1");

  public static final Option<KeySettings.Type> ACME_KEY_TYPE =
      Option.of(
          "acme.key-type",
          Types.words(KeySettings.Type.class),
          "p256",
          "The key of a certificate. RSA is for very old clients, and costs the proxy more with"
              + " each handshake.",
          "rsa2048");

  public static final Option<Boolean> ACME_KEY_REUSE =
      Option.of(
          "acme.key-reuse",
          Types.SWITCH,
          "false",
          "Whether a renewal keeps the key of the certificate before it, for clients or DNS records"
              + " (TLSA) that know it; else each certificate has a new one.");

  public static final Option<Duration> ACME_ARCHIVE_AFTER =
      Option.of(
          "acme.archive-after",
          Types.duration(Duration.ofDays(1), Duration.ofDays(365)),
          "168h",
          "How long a name that no service has any more is still renewed. Then its folder goes to"
              + " the storage's archive, from where it comes back by itself.",
          "720h");

  public static final Option<Challenge> ACME_CHALLENGE =
      Option.of(
          "acme.challenge",
          Types.words(Challenge.class),
          "http-01",
          "How control of a name is shown: on port 80, on port 443, by a TXT record in DNS, or by"
              + " one that you set once and that stays (`dns-persist-01`, a draft that few"
              + " authorities offer: `fairlead certs record` prints it). A wildcard's by `dns-01`,"
              + " where `acme.dns.provider` is set, or by `dns-persist-01`; an IP address's by"
              + " neither.");

  public static final Option<Boolean> ACME_DNS_PERSIST_WILDCARDS =
      Option.of(
          "acme.dns-persist.wildcards",
          Types.SWITCH,
          "false",
          "Whether control of wildcards is shown by `dns-persist-01` where other names go by"
              + " another challenge: they need no access to DNS then.");

  public static final Option<String> ACME_DNS_PERSIST_ISSUER =
      Option.optional(
          "acme.dns-persist.issuer",
          Types.DOMAIN,
          "as the authority says",
          "What the authority calls itself in the records of `dns-persist-01`, where it says"
              + " nothing or several names.",
          "letsencrypt.org");

  public static final Option<Boolean> ACME_STAGING_FIRST =
      Option.of(
          "acme.staging-first",
          Types.SWITCH,
          "false",
          "Whether a name that never had a certificate is ordered at the authority's staging first:"
              + " what fails there costs nothing of the authority's limits.");

  public static final Option<URI> ACME_STAGING_DIRECTORY =
      Option.optional(
          "acme.staging.directory",
          AUTHORITY,
          "Let's Encrypt's for `letsencrypt`",
          "The directory of that staging.",
          "letsencrypt-staging");

  public static final Option<AcmeLimits> ACME_LIMITS =
      Option.optional(
          "acme.limits",
          Types.ACME_LIMITS,
          "what is known of the authority: Let's Encrypt's own, none for others",
          "What the certificate authority allows, which is never exceeded by all instances"
              + " together: new `orders` of the account, certificates below one registered"
              + " `domain`, certificates for exactly the same `names`, failed `validations` of a"
              + " name. What is not named has no limit; `off` for none at all.",
          "orders=300/3h,domain=50/168h,names=5/168h,validations=5/1h");

  public static final Option<Boolean> ACME_PREFLIGHT =
      Option.of(
          "acme.preflight",
          Types.SWITCH,
          "true",
          "Whether it is looked, before a certificate is ordered, if the order can succeed: the"
              + " name's addresses, whether they lead here, its CAA records. What cannot succeed"
              + " is not ordered before somebody changes it.",
          "false");

  public static final Option<List<InetAddress>> ACME_ADDRESSES =
      Option.optional(
          "acme.addresses",
          Types.IP_ADDRESSES,
          "found out",
          "The addresses at which the internet reaches this cluster, all of them, where they never"
              + " change: a name that leads elsewhere is not ordered. Not where something in front"
              + " has addresses of its own, such as a CDN.",
          "203.0.113.5,2001:db8::5");

  public static final Option<Integer> ACME_ON_DEMAND_NAMES =
      Option.of(
          "acme.on-demand.names",
          Types.count(1, 2000),
          "1000",
          "How many names have certificates because clients came for them (`tls.on-demand`), of all"
              + " services together.");

  public static final Option<Integer> ACME_ON_DEMAND_PER_HOUR =
      Option.of(
          "acme.on-demand.per-hour",
          Types.count(1, 1000),
          "10",
          "How many such names are new within an hour, at most.");

  public static final Option<ProviderName> ACME_DNS_PROVIDER =
      Option.of(
          "acme.dns.provider",
          Types.words(ProviderName.class),
          "none",
          "Who puts the TXT records of `dns-01` into DNS: a DNS server by signed updates"
              + " (`rfc2136`), Cloudflare's API, an acme-dns server, or a program (`exec`).",
          "none");

  public static final Option<Duration> ACME_DNS_WAIT =
      Option.of(
          "acme.dns.wait",
          Types.duration(Duration.ZERO, Duration.ofHours(1)),
          "2m",
          "How long a record may take to be at all servers of its zone, before the certificate"
              + " authority is told to look; `0s` to look at none of them.");

  public static final Option<ServerAddress> ACME_DNS_RESOLVER =
      Option.optional(
          "acme.dns.resolver",
          Types.DNS_SERVER,
          "those of the system",
          "The DNS server that names are looked up at before an order, and for `dns-01` zones,"
              + " their servers and delegations (CNAME); one that sees what the world sees.",
          "9.9.9.9");

  public static final Option<ServerAddress> ACME_DNS_SERVER =
      Option.optional(
          "acme.dns.server",
          Types.DNS_SERVER,
          "",
          "`rfc2136`: the server that takes updates, the primary of the zone.",
          "192.0.2.53");

  public static final Option<String> ACME_DNS_ZONE =
      Option.optional(
          "acme.dns.zone",
          Types.DOMAIN,
          "as the server says",
          "`rfc2136`: the zone that the records are in.",
          "example.com");

  public static final Option<String> ACME_DNS_KEY_NAME =
      Option.optional(
          "acme.dns.key-name",
          Types.KEY_NAME_OF_DNS,
          "",
          "`rfc2136`: the name of the key that signs updates (TSIG).",
          "fairlead");

  public static final Option<KeyAlgorithm> ACME_DNS_KEY_ALGORITHM =
      Option.of(
          "acme.dns.key-algorithm",
          Types.words(KeyAlgorithm.class),
          "hmac-sha256",
          "`rfc2136`: its algorithm.");

  public static final Option<String> ACME_DNS_SECRET =
      Option.optional(
              "acme.dns.secret",
              Types.BASE64_SECRET,
              "",
              "`rfc2136`: its secret.",
              "bm90IGEgc2VjcmV0IGF0IGFsbA==")
          .hidden();

  public static final Option<String> ACME_DNS_TOKEN =
      Option.optional(
              "acme.dns.token",
              Types.CREDENTIAL,
              "",
              "`cloudflare`: an API token that may read the zone and edit its DNS.",
              "cf_0123456789abcdef")
          .hidden();

  public static final Option<URI> ACME_DNS_API =
      Option.optional(
          "acme.dns.api",
          Types.httpsAddress(Map.of()),
          "Cloudflare's own",
          "`acme-dns`, `cloudflare`: where the API is.",
          "https://auth.example.com");

  public static final Option<String> ACME_DNS_SUBDOMAIN =
      Option.optional(
          "acme.dns.subdomain",
          Types.DOMAIN,
          "",
          "`acme-dns`: the account's subdomain; `_acme-challenge` of each host is a CNAME to it.",
          "8e5700ea-a4bf-41c7-8a77-e990661dcc6a");

  public static final Option<String> ACME_DNS_USER =
      Option.optional(
              "acme.dns.user",
              Types.CREDENTIAL,
              "",
              "`acme-dns`: its username.",
              "c36f50e8-4632-44f0-83fe-e070fef28a10")
          .hidden();

  public static final Option<String> ACME_DNS_KEY =
      Option.optional(
              "acme.dns.key",
              Types.CREDENTIAL,
              "",
              "`acme-dns`: its password.",
              "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z")
          .hidden();

  public static final Option<Path> ACME_DNS_COMMAND =
      Option.optional(
          "acme.dns.command",
          Types.ABSOLUTE_PATH,
          "",
          "`exec`: the program that is called with `present` or `cleanup`, the record's name and"
              + " its value.",
          "/etc/fairlead/dns-hook");

  public static final Option<URI> ACME_FALLBACK_DIRECTORY =
      Option.optional(
          "acme.fallback.directory",
          AUTHORITY,
          "none",
          "A second authority, which certificates are ordered at while the first one keeps failing;"
              + " renewals begin with the first one again.",
          "https://acme.example.net/directory");

  public static final Option<String> ACME_FALLBACK_EMAIL =
      Option.optional(
          "acme.fallback.email",
          Types.EMAIL_ADDRESS,
          "",
          "Where the second one may write to.",
          "me@example.com");

  public static final Option<Path> ACME_FALLBACK_CA_ROOT =
      Option.optional(
          "acme.fallback.ca-root",
          Types.FILE_PATH,
          "",
          "As `acme.ca-root`, of the second one.",
          "/run/secrets/ca.pem");

  public static final Option<String> ACME_FALLBACK_EAB_KEY_ID =
      Option.optional(
          "acme.fallback.eab.key-id",
          Types.LABEL,
          "",
          "As `acme.eab.key-id`, of the second one.",
          "kid-1");

  public static final Option<String> ACME_FALLBACK_EAB_HMAC_KEY =
      Option.optional(
              "acme.fallback.eab.hmac-key",
              Types.BASE64URL_SECRET,
              "",
              "That key.",
              "bm90IGEgc2VjcmV0IGF0IGFsbCwgZm9yIG5vYm9keSE")
          .hidden();

  public static final Option<String> ACME_FALLBACK_PROFILE =
      Option.optional(
          "acme.fallback.profile",
          Types.TOKEN,
          "the authority's choice",
          "As `acme.profile`, of the second one.",
          "classic");

  public static final Option<String> ACME_FALLBACK_PREFERRED_CHAIN =
      Option.optional(
          "acme.fallback.preferred-chain",
          Types.LABEL,
          "the authority's choice",
          "As `acme.preferred-chain`, of the second one.",
          "ISRG Root X1");

  public static final Option<AcmeLimits> ACME_FALLBACK_LIMITS =
      Option.optional(
          "acme.fallback.limits",
          Types.ACME_LIMITS,
          "what is known of it",
          "As `acme.limits`, of the second one.",
          "orders=300/3h");

  public static final Option<Path> STORAGE_PATH =
      Option.of(
          "storage.path",
          Types.DIRECTORY_PATH,
          "/var/lib/fairlead",
          "The directory of certificates and of the ACME account, usually on a share.");

  public static final Option<Duration> STORAGE_TIMEOUT =
      Option.of(
          "storage.timeout",
          Types.TIMEOUT,
          "5s",
          "How long one operation on it may take before it counts as failed.");

  public static final Option<Path> STORAGE_COPY =
      Option.optional(
          "storage.copy",
          Types.DIRECTORY_PATH,
          "none",
          "A directory on the machine's own disk that keeps a copy of the certificates and their"
              + " keys. A start while `storage.path` does not answer serves them.",
          "/var/lib/fairlead-copy");

  public static final Option<Boolean> DOCKER_ENABLED =
      Option.of(
          "docker.enabled", Types.SWITCH, "true", "Whether Docker Swarm is asked for services.");

  public static final Option<URI> DOCKER_ENDPOINT =
      Option.of(
          "docker.endpoint",
          Types.DOCKER_ENDPOINT,
          "unix:///var/run/docker.sock",
          "Where Docker answers: `unix:///path` or `tcp://host:port` of a socket proxy.",
          "tcp://socket-proxy:2375");

  public static final Option<Duration> DOCKER_POLL =
      Option.of(
          "docker.poll",
          Types.duration(Duration.ofMillis(100), Duration.ofMillis(500)),
          "500ms",
          "How often the tasks are asked for at most while nothing changes. Where an answer takes"
              + " long they are asked for less often, every 1.2 s: a task that stops must be seen"
              + " before its app is told.");

  public static final Option<Duration> DOCKER_TIMEOUT =
      Option.of(
          "docker.timeout",
          Types.TIMEOUT,
          "5s",
          "How long one call to Docker may take before it counts as failed.");

  public static final Option<List<String>> DOCKER_NETWORKS =
      Option.optional(
          "docker.networks",
          Types.NETWORKS,
          "those of the proxy's own task",
          "The networks to reach tasks on.",
          "reverse-proxy");

  public static final Option<Path> FILE_PATH =
      Option.optional(
          "file.path",
          Types.FILE_PATH,
          "the settings file, when it has `services`",
          "A YAML file with `services`.",
          "/etc/fairlead/services.yml");

  public static final Option<Duration> FILE_POLL =
      Option.of(
          "file.poll",
          Types.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "1s",
          "How often that file is looked at for a change.");

  public static final Option<Duration> TIMEOUTS_HEADER =
      Option.of(
          "timeouts.header",
          Types.TIMEOUT,
          "10s",
          "From the first byte of a request to the end of its head.");

  public static final Option<Duration> TIMEOUTS_HANDSHAKE =
      Option.of("timeouts.handshake", Types.TIMEOUT, "10s", "For a TLS handshake.");

  public static final Option<Duration> TIMEOUTS_CONNECT =
      Option.of("timeouts.connect", Types.TIMEOUT, "2s", "For a connection to a task.");

  public static final Option<Duration> TIMEOUTS_IDLE =
      Option.of(
          "timeouts.idle",
          Types.TIMEOUT,
          "60s",
          "Without a byte in either direction of a request, a response or a WebSocket; there is no"
              + " limit to the whole.");

  public static final Option<Duration> TIMEOUTS_KEEP_ALIVE =
      Option.of(
          "timeouts.keep-alive", Types.TIMEOUT, "75s", "Between two requests of one connection.");

  public static final Option<Duration> TIMEOUTS_DRAIN =
      Option.of(
          "timeouts.drain",
          Types.duration(Duration.ZERO, Duration.ofHours(1)),
          "9s",
          "From SIGTERM until what is still open is closed; those who come are served for half of"
              + " it. Less than Docker's `stop_grace_period`.");

  public static final Option<Integer> LIMITS_CONNECTIONS =
      Option.of(
          "limits.connections",
          Types.COUNT,
          "10000",
          "Connections of all clients together; further ones wait until one of them ends.");

  public static final Option<Integer> LIMITS_CONNECTIONS_PER_CLIENT =
      Option.of(
          "limits.connections-per-client",
          Types.COUNT,
          "1000",
          "Connections of one address, with IPv6 of one /64 network; further ones are closed. Not"
              + " for `trusted.networks`.");

  public static final Option<Long> LIMITS_HEADER_BYTES =
      Option.of(
          "limits.header-bytes",
          Types.size(1 << 10, 128 << 10),
          "32KiB",
          "Bytes of a request's head, its address included; a larger one is answered with 431.");

  public static final Option<Integer> LIMITS_HEADER_COUNT =
      Option.of(
          "limits.header-count",
          Types.count(10, 1000),
          "100",
          "Header fields of a request; one with more is answered with 431.");

  public static final Option<Long> LIMITS_URI_LENGTH =
      Option.of(
          "limits.uri-length",
          Types.size(256, 64 << 10),
          "8KiB",
          "Bytes of a request's address, path and query; a longer one is answered with 414.");

  public static final Option<Integer> LIMITS_STREAMS =
      Option.of(
          "limits.streams",
          Types.count(1, 1000),
          "128",
          "Requests at the same time on one HTTP/2 connection; clients are told.");

  public static final Option<Integer> LIMITS_REQUESTS_PER_CONNECTION =
      Option.of(
          "limits.requests-per-connection",
          Types.count(1, 100_000_000),
          "10000",
          "Requests on one connection; the last one ends it, and its client makes another.");

  public static final Option<MinimumRate> LIMITS_MIN_RATE =
      Option.of(
          "limits.min-rate",
          Types.MINIMUM_RATE,
          "240B",
          "What a client must move in a second, on average over `timeouts.idle`, while the proxy"
              + " waits for the rest of its request or for it to take a response; `0B` for no"
              + " minimum. Not for WebSockets.");

  public static final Option<Integer> LIMITS_NEW_CONNECTIONS =
      Option.optional(
          "limits.new-connections",
          Types.COUNT,
          "half of `limits.connections`",
          "Connections whose first request has not come yet, TLS handshakes included; for each"
              + " further one the oldest of them is closed.",
          "5000");

  public static final Option<String> STICKY_SECRET =
      Option.optional(
              "sticky.secret",
              Types.SECRET,
              "one that is made once, and kept on the storage",
              "Signs the cookies of services with `sticky=true`. All instances have to have the"
                  + " same one, or clients change their task when another instance takes over.",
              "9f0c7d1e5b8a42f6")
          .hidden();

  public static final Option<URI> ALERTS_WEBHOOK_URL =
      Option.optional(
              "alerts.webhook.url",
              Types.WEBHOOK,
              "",
              "Where a request is sent when a certificate is not renewed in time, and when it is"
                  + " again.",
              "https://ntfy.sh/my-fairlead-3f9c")
          .hidden();

  public static final Option<WebhookSettings.Format> ALERTS_WEBHOOK_FORMAT =
      Option.of(
          "alerts.webhook.format",
          Types.words(WebhookSettings.Format.class),
          "json",
          "What is understood there: an object of all that is known (`json`), or what ntfy, Slack"
              + " (Mattermost, too) or Discord take.",
          "ntfy");

  public static final Option<String> ALERTS_WEBHOOK_TOKEN =
      Option.optional(
              "alerts.webhook.token",
              Types.BEARER,
              "",
              "Sent there as `Authorization: Bearer`.",
              "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2")
          .hidden();

  public static final Option<String> ALERTS_SMTP_HOST =
      Option.optional(
          "alerts.smtp.host",
          Types.SERVER,
          "",
          "The server that a mail is given to when a certificate is not renewed in time, and when"
              + " it is again.",
          "mail.example.com");

  public static final Option<Integer> ALERTS_SMTP_PORT =
      Option.optional(
          "alerts.smtp.port",
          Types.PORT_NUMBER,
          "587; with `tls` 465, with `none` 25",
          "Its port.",
          "587");

  public static final Option<SmtpSettings.Tls> ALERTS_SMTP_TLS =
      Option.of(
          "alerts.smtp.tls",
          Types.words(SmtpSettings.Tls.class),
          "starttls",
          "How the connection is protected; its certificate is verified.",
          "tls");

  public static final Option<String> ALERTS_SMTP_FROM =
      Option.optional(
          "alerts.smtp.from",
          Types.EMAIL_ADDRESS,
          "",
          "Who sends the mail.",
          "fairlead@example.com");

  public static final Option<List<String>> ALERTS_SMTP_TO =
      Option.optional(
          "alerts.smtp.to",
          Types.EMAIL_ADDRESSES,
          "`acme.email`",
          "Who gets it.",
          "me@example.com");

  public static final Option<String> ALERTS_SMTP_USER =
      Option.optional(
          "alerts.smtp.user",
          Types.LINE,
          "",
          "The name to log in with, where the server wants that.",
          "fairlead@example.com");

  public static final Option<String> ALERTS_SMTP_PASSWORD =
      Option.optional(
              "alerts.smtp.password",
              Types.LINE,
              "",
              "The password of that name.",
              "correct horse battery staple")
          .hidden();

  public static final Option<Path> ALERTS_CA_ROOT =
      Option.optional(
          "alerts.ca-root",
          Types.FILE_PATH,
          "",
          "PEM certificates that these servers are verified with, beside the well-known ones.",
          "/run/secrets/ca.pem");

  public static final Option<LogSettings.Format> LOG_FORMAT =
      Option.of(
          "log.format",
          Types.words(LogSettings.Format.class),
          "auto",
          "How a line looks; `auto` is `text` on a terminal and `json` otherwise.");

  public static final Option<LogSettings.Level> LOG_LEVEL =
      Option.of(
          "log.level",
          Types.words(LogSettings.Level.class),
          "info",
          "The least severe level that is written.");

  public static final Option<Boolean> LOG_ACCESS =
      Option.of("log.access", Types.SWITCH, "true", "Whether each request is a line.");

  /** All of them. */
  public static final Catalogue ALL =
      Catalogue.of(
          DOMAIN,
          LISTENERS_HTTP,
          LISTENERS_HTTPS,
          LISTENERS_ADMIN,
          LISTENERS_PUBLIC_HTTPS_PORT,
          LISTENERS_DEFAULT_ADDRESS,
          TRUSTED_NETWORKS,
          TRUSTED_PROXY_PROTOCOL,
          TRUSTED_HEADER,
          FORWARDED_HEADER,
          FORWARDED_NEW_TRACE,
          ACME_DIRECTORY,
          ACME_EMAIL,
          ACME_CA_ROOT,
          ACME_EAB_KEY_ID,
          ACME_EAB_HMAC_KEY,
          ACME_PROFILE,
          ACME_PREFERRED_CHAIN,
          ACME_KEY_TYPE,
          ACME_KEY_REUSE,
          ACME_ARCHIVE_AFTER,
          ACME_CHALLENGE,
          ACME_DNS_PERSIST_WILDCARDS,
          ACME_DNS_PERSIST_ISSUER,
          ACME_STAGING_FIRST,
          ACME_STAGING_DIRECTORY,
          ACME_LIMITS,
          ACME_PREFLIGHT,
          ACME_ADDRESSES,
          ACME_ON_DEMAND_NAMES,
          ACME_ON_DEMAND_PER_HOUR,
          ACME_DNS_PROVIDER,
          ACME_DNS_WAIT,
          ACME_DNS_RESOLVER,
          ACME_DNS_SERVER,
          ACME_DNS_ZONE,
          ACME_DNS_KEY_NAME,
          ACME_DNS_KEY_ALGORITHM,
          ACME_DNS_SECRET,
          ACME_DNS_TOKEN,
          ACME_DNS_API,
          ACME_DNS_SUBDOMAIN,
          ACME_DNS_USER,
          ACME_DNS_KEY,
          ACME_DNS_COMMAND,
          ACME_FALLBACK_DIRECTORY,
          ACME_FALLBACK_EMAIL,
          ACME_FALLBACK_CA_ROOT,
          ACME_FALLBACK_EAB_KEY_ID,
          ACME_FALLBACK_EAB_HMAC_KEY,
          ACME_FALLBACK_PROFILE,
          ACME_FALLBACK_PREFERRED_CHAIN,
          ACME_FALLBACK_LIMITS,
          STORAGE_PATH,
          STORAGE_TIMEOUT,
          STORAGE_COPY,
          DOCKER_ENABLED,
          DOCKER_ENDPOINT,
          DOCKER_POLL,
          DOCKER_TIMEOUT,
          DOCKER_NETWORKS,
          FILE_PATH,
          FILE_POLL,
          TIMEOUTS_HEADER,
          TIMEOUTS_HANDSHAKE,
          TIMEOUTS_CONNECT,
          TIMEOUTS_IDLE,
          TIMEOUTS_KEEP_ALIVE,
          TIMEOUTS_DRAIN,
          LIMITS_CONNECTIONS,
          LIMITS_CONNECTIONS_PER_CLIENT,
          LIMITS_HEADER_BYTES,
          LIMITS_HEADER_COUNT,
          LIMITS_URI_LENGTH,
          LIMITS_STREAMS,
          LIMITS_REQUESTS_PER_CONNECTION,
          LIMITS_MIN_RATE,
          LIMITS_NEW_CONNECTIONS,
          STICKY_SECRET,
          ALERTS_WEBHOOK_URL,
          ALERTS_WEBHOOK_FORMAT,
          ALERTS_WEBHOOK_TOKEN,
          ALERTS_SMTP_HOST,
          ALERTS_SMTP_PORT,
          ALERTS_SMTP_TLS,
          ALERTS_SMTP_FROM,
          ALERTS_SMTP_TO,
          ALERTS_SMTP_USER,
          ALERTS_SMTP_PASSWORD,
          ALERTS_CA_ROOT,
          LOG_FORMAT,
          LOG_LEVEL,
          LOG_ACCESS);

  private SettingOptions() {}

  /** Where an authority lets orders be tried out, if that is known. */
  public static Optional<URI> stagingOf(URI directory) {
    return directory.equals(LETSENCRYPT) ? Optional.of(LETSENCRYPT_STAGING) : Optional.empty();
  }
}
