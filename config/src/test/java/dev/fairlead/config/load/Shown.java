package dev.fairlead.config.load;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.routing.UpstreamTls;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Definitions and problems as the golden files show them: each on a line. */
final class Shown {

  private static final Admission USUAL =
      new Admission(0, 100, Duration.ofSeconds(10), Duration.ZERO);

  private Shown() {}

  static String problems(Parsed<?> parsed) {
    return switch (parsed) {
      case Parsed.Valid<?>(Object value) -> "valid: " + value;
      case Parsed.Invalid<?>(List<Problem> problems) -> problems(problems);
    };
  }

  static String problems(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  static String routes(ServiceDefinition definition) {
    return definition.routes().stream().map(Shown::route).collect(Collectors.joining("\n"));
  }

  private static String route(RouteDefinition route) {
    String scheme = route.tls() == TlsMode.OFF ? "http://" : "https://";
    String hosts =
        route.hosts().stream()
            .map(host -> scheme + host.authority() + route.path())
            .collect(Collectors.joining(" "));
    return (route.name().isEmpty() ? "" : route.name() + " ")
        + hosts
        + (route.stripPath() ? " strip" : "")
        + " port "
        + route.port()
        + upstream(route.upstream())
        + route.network().map(" on "::concat).orElse("")
        + " "
        + policy(route.policy())
        + " "
        + word(route.tls())
        + route.onDemand().map(Shown::onDemand).orElse("")
        + (route.together() ? " together" : "")
        + (route.redirectToHttps() ? " redirect" : "")
        + limits(route.limits());
  }

  private static String onDemand(OnDemand rule) {
    return " on demand "
        + rule.names()
        + rule.ask().map(address -> " as says " + address).orElse("");
  }

  private static String policy(ClusterPolicy policy) {
    return word(policy.balance())
        + (policy.balance() == Balance.HASH ? " by " + policy.hashKey() : "")
        + (policy.slowStart().toSeconds() == 10 ? "" : " slow " + policy.slowStart())
        + (policy.ejects() ? "" : " kept")
        + policy.sticky().map(" sticky "::concat).orElse("")
        + (policy.admission().equals(USUAL) ? "" : " " + policy.admission())
        + policy.check().map(Shown::check).orElse("");
  }

  private static String check(HealthCheck check) {
    return " checked by %s at %s for %s every %s within %s, %d down %d up"
        .formatted(
            check.path().orElse("connection"),
            check.host(),
            check.statuses(),
            check.interval(),
            check.timeout(),
            check.fall(),
            check.rise());
  }

  private static String limits(RouteLimits limits) {
    return limits.connect().map(time -> " connect " + time).orElse("")
        + limits.idle().map(time -> " idle " + time).orElse("")
        + limits.bodyBytes().map(bytes -> " body " + bytes).orElse("")
        + limits.minRate().map(rate -> " rate " + rate.bytesPerSecond()).orElse("")
        + (limits.retries().equals(RetrySpec.DEFAULT) ? "" : retries(limits.retries()));
  }

  private static String retries(RetrySpec retries) {
    return " tries %d %s %d"
        .formatted(retries.attempts(), new TreeSet<>(retries.statuses()), retries.bodyBytes());
  }

  private static String upstream(UpstreamSpec upstream) {
    String scheme = upstream.scheme() == Scheme.HTTP ? "" : " by " + word(upstream.scheme());
    return scheme
        + upstream.tls().map(Shown::tls).orElse("")
        + (upstream.proxyProtocol() ? " with PROXY v2" : "");
  }

  private static String tls(UpstreamTls tls) {
    return " to "
        + tls.name()
        + (tls.verify() ? "" : " unverified")
        + tls.authorities().map(pem -> " by own authority of " + pem.length()).orElse("");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
