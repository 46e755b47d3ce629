package dev.fairlead.config.schema;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HashKey;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.MinimumRate;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.StatusRanges;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a service asks for, by labels or in the {@code services} of a YAML file. Long, as it is a
 * table: a row for each key.
 */
public final class ServiceOptions {

  /** What a request that came by plain HTTP is answered with. */
  public enum Redirect {
    HTTPS,
    OFF
  }

  /** Which header the connections to a task begin with. */
  public enum ProxyProtocol {
    OFF,
    V2
  }

  /** What stands before the key in a label. */
  public static final String LABEL_PREFIX = "fairlead.";

  /** What stands before {@code <name>.<key>} of a named route. */
  public static final String ROUTES_PREFIX = "routes.";

  public static final Option<Boolean> ENABLE =
      Option.optional(
          "enable",
          Types.SWITCH,
          "true when another key is there",
          "Whether the service is routed at all.",
          "false");

  public static final Option<List<HostPattern>> HOST =
      Option.optional(
          "host",
          Types.HOSTS,
          "`<service>.<domain>`",
          "One or more names or IP addresses; `*.` stands for one label.",
          "shop.example.com, *.shop.example.com");

  public static final Option<PathPrefix> PATH =
      Option.of(
          "path",
          Types.PATH_PREFIX,
          "/",
          "Which paths are meant, in whole segments; the longest that matches wins.",
          "/api");

  public static final Option<Boolean> PATH_STRIP =
      Option.of(
          "path.strip",
          Types.SWITCH,
          "false",
          "Whether `path` is removed before the request is forwarded.",
          "true");

  public static final Option<Integer> PORT =
      Option.of("port", Types.PORT_NUMBER, "80", "The port that the task listens on.", "8080");

  public static final Option<String> NETWORK =
      Option.optional(
          "network",
          Types.NETWORK,
          "the one shared with the proxy",
          "Which overlay network to reach the tasks on.",
          "reverse-proxy");

  public static final Option<Balance> BALANCE =
      Option.of(
          "balance",
          Types.words(Balance.class),
          "p2c",
          "How a task is chosen: in turn, the one with the fewest requests, the faster and less"
              + " busy of two taken at random, or always the same for the same `balance.key`.",
          "round-robin");

  public static final Option<HashKey> BALANCE_KEY =
      Option.optional(
          "balance.key",
          Types.HASH_KEY,
          "`client`",
          "With `balance=hash`: what decides, the client's address, a header or a cookie. Requests"
              + " without it go to any task.",
          "cookie:session");

  public static final Option<Duration> SLOW_START =
      Option.of(
          "slow-start",
          Types.duration(Duration.ZERO, Duration.ofHours(1)),
          "10s",
          "In which the share of a task that joins others grows from a tenth to all of it; not with"
              + " `balance=hash`.",
          "30s");

  public static final Option<Boolean> EJECT =
      Option.of(
          "eject",
          Types.SWITCH,
          "true",
          "Whether a task that fails while others do not gets no requests for a while, which begins"
              + " with 5 s and grows; half of them at most.",
          "false");

  public static final Option<String> HEALTH_PATH =
      Option.optional(
          "health.path",
          Types.REQUEST_TARGET,
          "none",
          "What each task is asked for, by GET, to find out whether it is well.",
          "/healthz");

  public static final Option<Boolean> HEALTH_CONNECT =
      Option.optional(
          "health.connect",
          Types.SWITCH,
          "false",
          "The same by a connection alone, for tasks that have no path to ask for.",
          "true");

  public static final Option<StatusRanges> HEALTH_STATUS =
      Option.optional(
          "health.status",
          Types.STATUS_RANGES,
          "`200-399`",
          "With `health.path`: the answers of a task that is well.",
          "200-299, 401");

  public static final Option<Duration> HEALTH_INTERVAL =
      Option.optional(
          "health.interval",
          Types.duration(Duration.ofMillis(500), Duration.ofHours(1)),
          "`10s`",
          "Between two checks of a task, give or take a tenth.",
          "5s");

  public static final Option<Duration> HEALTH_TIMEOUT =
      Option.optional(
          "health.timeout",
          Types.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
          "`3s`",
          "How long a check may take.",
          "1s");

  public static final Option<Integer> HEALTH_FALL =
      Option.optional(
          "health.fall",
          Types.count(1, 100),
          "`3`",
          "How many checks in a row must fail until a task gets no requests.",
          "2");

  public static final Option<Integer> HEALTH_RISE =
      Option.optional(
          "health.rise",
          Types.count(1, 100),
          "`1`",
          "How many checks in a row must succeed until it gets some again.",
          "2");

  public static final Option<Boolean> STICKY =
      Option.of(
          "sticky",
          Types.SWITCH,
          "false",
          "Whether a client stays with the task that it was given first, by a cookie, as long as"
              + " that task is there.",
          "true");

  public static final Option<String> STICKY_COOKIE =
      Option.optional(
          "sticky.cookie",
          Types.TOKEN,
          "one made of the name of the service",
          "With `sticky=true`: the name of the cookie.",
          "shop-task");

  public static final Option<Integer> LIMIT_IN_FLIGHT =
      Option.optional(
          "limit.in-flight",
          Types.COUNT,
          "none",
          "How many requests a task is at work on at most; further ones wait.",
          "50");

  public static final Option<Integer> LIMIT_WAITING =
      Option.of(
          "limit.waiting",
          Types.count(0, 100_000),
          "100",
          "How many requests of a service wait at most, for room at a task or for a task at all;"
              + " further ones are answered with 503.",
          "10");

  public static final Option<Duration> LIMIT_WAIT =
      Option.of(
          "limit.wait",
          Types.TIMEOUT,
          "10s",
          "With `limit.in-flight`: how long a request waits for room.",
          "1s");

  public static final Option<Duration> HOLD =
      Option.of(
          "hold",
          Types.duration(Duration.ZERO, Duration.ofMinutes(5)),
          "0s",
          "How long a request waits for a task of a service that has none at the moment; without,"
              + " it is answered with 503 at once.",
          "20s");

  // Docker engines up to 20.10 read YAML 1.1, where an unquoted `off` is the label `false`.
  public static final Option<TlsMode> TLS =
      Option.of(
          "tls",
          Types.words(TlsMode.class, Map.of("false", TlsMode.OFF)),
          "acme",
          "Where the certificate comes from: an ACME authority, the built-in CA, or none (plain"
              + " HTTP only).",
          "local");

  public static final Option<Boolean> TLS_ON_DEMAND =
      Option.optional(
          "tls.on-demand",
          Types.SWITCH,
          "false",
          "With a wildcard `host`: whether each name below it gets a certificate of its own when a"
              + " client first comes for it, and none is ordered for the wildcard. Needs one of the"
              + " next two, or both, which then have to agree.",
          "true");

  public static final Option<List<NamePattern>> TLS_ON_DEMAND_NAMES =
      Option.optional(
          "tls.on-demand.names",
          Types.NAME_PATTERNS,
          "",
          "With `tls.on-demand=true`: the names that may have one, with one `*` at most in the"
              + " first label.",
          "blog.example.com, shop-*.example.com");

  public static final Option<URI> TLS_ON_DEMAND_ASK =
      Option.optional(
          "tls.on-demand.ask",
          Types.QUESTION,
          "",
          "With `tls.on-demand=true`: an address that is asked with `?domain=<name>`, and answers"
              + " 200 within 2 s where the name may have one.",
          "http://shop:8080/may-have-certificate");

  public static final Option<Boolean> TLS_TOGETHER =
      Option.optional(
          "tls.together",
          Types.SWITCH,
          "false",
          "With several names in `host`: whether they share one certificate, instead of one each."
              + " One name that fails then holds up all of them.",
          "true");

  public static final Option<Redirect> REDIRECT =
      Option.optional(
          "redirect",
          Types.words(Redirect.class, Map.of("false", Redirect.OFF)),
          "`https`, with `tls=off` `off`",
          "What plain HTTP is answered with: a redirect to HTTPS, or the app itself.",
          "off");

  public static final Option<Scheme> SCHEME =
      Option.of(
          "scheme",
          Types.words(Scheme.class),
          "http",
          "What the task speaks: HTTP/1.1, the same over TLS, HTTP/2 without TLS (gRPC), or HTTP/2"
              + " over TLS.",
          "h2c");

  public static final Option<Boolean> SCHEME_VERIFY =
      Option.optional(
          "scheme.verify",
          Types.SWITCH,
          "true",
          "With `https` and `h2`: whether the task must show a certificate that is trusted.",
          "false");

  public static final Option<String> SCHEME_CA =
      Option.optional(
          "scheme.ca",
          Types.PEM_CERTIFICATES,
          "the well-known ones",
          "With `https` and `h2`: the authorities that vouch for the task's certificate, or that"
              + " certificate itself, as PEM.",
          PemCertificates.EXAMPLE);

  public static final Option<String> SCHEME_NAME =
      Option.optional(
          "scheme.name",
          Types.CERTIFIED_NAME,
          "the name of the service",
          "With `https` and `h2`: the name that the task's certificate must carry.",
          "app.internal");

  public static final Option<ProxyProtocol> PROXY_PROTOCOL =
      Option.of(
          "proxy-protocol",
          Types.words(ProxyProtocol.class, Map.of("false", ProxyProtocol.OFF)),
          "off",
          "Whether connections to the task begin with a header of the PROXY protocol that names the"
              + " client. Each is used for one request then.",
          "v2");
  public static final Option<Duration> TIMEOUT_CONNECT =
      Option.optional(
          "timeout.connect",
          Types.TIMEOUT,
          "`timeouts.connect`",
          "For a connection to a task.",
          "500ms");

  public static final Option<Duration> TIMEOUT_IDLE =
      Option.optional(
          "timeout.idle",
          Types.TIMEOUT,
          "`timeouts.idle`",
          "Without a byte in either direction of a request, a response or a WebSocket.",
          "10m");

  public static final Option<Long> LIMIT_BODY =
      Option.optional(
          "limit.body",
          Types.size(1, 1_000_000_000_000_000L),
          "none",
          "Bytes of a request's body; a larger one is answered with 413.",
          "10MB");

  public static final Option<MinimumRate> LIMIT_MIN_RATE =
      Option.optional(
          "limit.min-rate",
          Types.MINIMUM_RATE,
          "`limits.min-rate`",
          "What a client must move in a second while the proxy waits for it; `0B` where requests"
              + " are streams of their own pace, as with gRPC.",
          "0B");

  public static final Option<Integer> RETRY_ATTEMPTS =
      Option.of(
          "retry.attempts",
          Types.count(1, 10),
          "3",
          "How often a request is sent at most, the first time included, where it may be repeated;"
              + " connections that could not be made do not count.",
          "1");

  public static final Option<Set<Integer>> RETRY_STATUS =
      Option.optional(
          "retry.status",
          Types.STATUSES,
          "none",
          "Answers after which another task is asked, if the method is idempotent.",
          "502, 503");

  public static final Option<Long> RETRY_BODY =
      Option.of(
          "retry.body",
          Types.size(0, 1024 * 1024),
          "16KiB",
          "How large a request's body may be to be kept, so that it can be sent again.",
          "0B");

  public static final Option<List<EndpointSpec>> ENDPOINTS =
      Option.optional(
          "endpoints",
          Types.ENDPOINTS,
          "",
          "Where a service of a YAML file answers, each with a weight from 1 to 100 if their shares"
              + " differ.",
          "10.0.0.5:8080 weight=3, [fd00::5]:8080");

  /** What a named route can set. */
  public static final Catalogue ROUTE =
      Catalogue.of(
          HOST,
          PATH,
          PATH_STRIP,
          PORT,
          SCHEME,
          SCHEME_VERIFY,
          SCHEME_CA,
          SCHEME_NAME,
          PROXY_PROTOCOL,
          NETWORK,
          BALANCE,
          BALANCE_KEY,
          SLOW_START,
          STICKY,
          STICKY_COOKIE,
          EJECT,
          HEALTH_PATH,
          HEALTH_CONNECT,
          HEALTH_STATUS,
          HEALTH_INTERVAL,
          HEALTH_TIMEOUT,
          HEALTH_FALL,
          HEALTH_RISE,
          TLS,
          TLS_ON_DEMAND,
          TLS_ON_DEMAND_NAMES,
          TLS_ON_DEMAND_ASK,
          TLS_TOGETHER,
          REDIRECT,
          TIMEOUT_CONNECT,
          TIMEOUT_IDLE,
          LIMIT_BODY,
          LIMIT_MIN_RATE,
          LIMIT_IN_FLIGHT,
          LIMIT_WAITING,
          LIMIT_WAIT,
          HOLD,
          RETRY_ATTEMPTS,
          RETRY_STATUS,
          RETRY_BODY);

  /** What the labels of a service can set, beside its named routes. */
  public static final Catalogue SERVICE = ROUTE.after(ENABLE);

  /** What a named route of a YAML file can set: its endpoints say port and network. */
  public static final Catalogue STATIC_ROUTE = ROUTE.without(PORT, NETWORK);

  /** What a service of a YAML file can set, beside its named routes. */
  public static final Catalogue STATIC_SERVICE = STATIC_ROUTE.after(ENDPOINTS, ENABLE);

  private ServiceOptions() {}
}
