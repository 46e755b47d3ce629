package dev.fairlead.config.schema;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.IpNetwork;
import dev.fairlead.config.routing.MinimumRate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is set once for a process, by YAML, environment variables or flags: one table, in the order
 * of the reference page; there is no logic in it.
 */
public final class SettingOptions {

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

  /** All of them, with those of the groups that have a table of their own. */
  public static final Catalogue ALL =
      Catalogue.joined(
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
              FORWARDED_NEW_TRACE),
          AcmeOptions.ALL,
          AcmeDnsOptions.ALL,
          FallbackOptions.ALL,
          Catalogue.of(
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
              STICKY_SECRET),
          AlertOptions.ALL,
          Catalogue.of(LOG_FORMAT, LOG_LEVEL, LOG_ACCESS));

  private SettingOptions() {}
}
