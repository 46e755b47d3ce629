package dev.fairlead.config.load;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.schema.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lines: the service, the domain or nothing, then {@code label=value}. Whatever anybody who may
 * create a service writes there is a definition, whose own words make it again, or problems.
 */
public final class LabelsFuzzer {

  private static final int MAX_ROUTES = 65;
  private static final int MAX_HOSTS = 100;

  private LabelsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
    String service = lines[0];
    Optional<String> domain =
        Optional.of(lines.length > 1 ? lines[1] : "").filter(text -> !text.isEmpty());
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 2; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      labels.put(
          equals < 0 ? lines[i] : lines[i].substring(0, equals),
          equals < 0 ? "" : lines[i].substring(equals + 1));
    }
    Parsed<Optional<ServiceDefinition>> parsed = ServiceLabels.parse(service, domain, labels);
    same(ServiceLabels.parse(service, domain, backwards(labels)), parsed, "labels in any order");
    switch (parsed) {
      case Parsed.Invalid<?>(var problems) -> Sentences.check(problems);
      case Parsed.Valid(var definition) -> definition.ifPresent(LabelsFuzzer::check);
    }
  }

  private static Map<String, String> backwards(Map<String, String> labels) {
    List<String> keys = new ArrayList<>(labels.keySet());
    Collections.reverse(keys);
    Map<String, String> backwards = new LinkedHashMap<>();
    keys.forEach(key -> backwards.put(key, labels.get(key)));
    return backwards;
  }

  private static void check(ServiceDefinition definition) {
    holds(!definition.routes().isEmpty(), "a service that opted in has a route");
    holds(definition.routes().size() <= MAX_ROUTES, "routes have a limit");
    Map<String, String> labels = new TreeMap<>();
    for (RouteDefinition route : definition.routes()) {
      holds(route.hosts().size() <= MAX_HOSTS, "hosts have a limit");
      write(definition.service(), route, labels);
    }
    same(
        ServiceLabels.parse(definition.service(), Optional.empty(), labels),
        new Parsed.Valid<>(Optional.of(definition)),
        "a definition that is written as labels");
  }

  private static void write(String service, RouteDefinition route, Map<String, String> labels) {
    String prefix = "fairlead." + (route.name().isEmpty() ? "" : "routes." + route.name() + ".");
    labels.put(
        prefix + "host",
        route.hosts().stream().map(HostPattern::toString).collect(Collectors.joining(", ")));
    labels.put(prefix + "path", route.path().value());
    labels.put(prefix + "path.strip", Boolean.toString(route.stripPath()));
    labels.put(prefix + "port", Integer.toString(route.port()));
    route.network().ifPresent(network -> labels.put(prefix + "network", network));
    policy(prefix, route.policy(), labels);
    labels.put(prefix + "tls", Spelling.word(route.tls()));
    labels.put(prefix + "redirect", route.redirectToHttps() ? "https" : "off");
    upstream(service, prefix, route.upstream(), labels);
    limits(prefix, route.limits(), labels);
  }

  private static void policy(String prefix, ClusterPolicy policy, Map<String, String> labels) {
    labels.put(prefix + "balance", Spelling.word(policy.balance()));
    if (policy.balance() == Balance.HASH) {
      labels.put(prefix + "balance.key", policy.hashKey().toString());
    }
    labels.put(prefix + "eject", Boolean.toString(policy.ejects()));
    labels.put(prefix + "slow-start", policy.slowStart().toMillis() + "ms");
    policy
        .sticky()
        .ifPresent(
            cookie -> {
              labels.put(prefix + "sticky", "true");
              labels.put(prefix + "sticky.cookie", cookie);
            });
    Admission admission = policy.admission();
    labels.put(prefix + "limit.waiting", Integer.toString(admission.waiting()));
    labels.put(prefix + "hold", admission.hold().toMillis() + "ms");
    if (admission.inFlight() > 0) {
      labels.put(prefix + "limit.in-flight", Integer.toString(admission.inFlight()));
      labels.put(prefix + "limit.wait", admission.patience().toMillis() + "ms");
    }
    policy.check().ifPresent(check -> check(prefix + "health.", check, labels));
  }

  private static void check(String prefix, HealthCheck check, Map<String, String> labels) {
    check.path().ifPresent(path -> labels.put(prefix + "path", path));
    if (check.path().isPresent()) {
      labels.put(prefix + "status", check.statuses().toString());
    } else {
      labels.put(prefix + "connect", "true");
    }
    labels.put(prefix + "interval", check.interval().toMillis() + "ms");
    labels.put(prefix + "timeout", check.timeout().toMillis() + "ms");
    labels.put(prefix + "fall", Integer.toString(check.fall()));
    labels.put(prefix + "rise", Integer.toString(check.rise()));
  }

  private static void upstream(
      String service, String prefix, UpstreamSpec upstream, Map<String, String> labels) {
    labels.put(prefix + "scheme", Spelling.word(upstream.scheme()));
    labels.put(prefix + "proxy-protocol", upstream.proxyProtocol() ? "v2" : "off");
    upstream
        .tls()
        .ifPresent(
            tls -> {
              labels.put(prefix + "scheme.verify", Boolean.toString(tls.verify()));
              if (!tls.name().equals(service)) {
                labels.put(prefix + "scheme.name", tls.name());
              }
              tls.authorities().ifPresent(pem -> labels.put(prefix + "scheme.ca", pem));
            });
  }

  private static void limits(String prefix, RouteLimits limits, Map<String, String> labels) {
    limits
        .connect()
        .ifPresent(time -> labels.put(prefix + "timeout.connect", time.toMillis() + "ms"));
    limits.idle().ifPresent(time -> labels.put(prefix + "timeout.idle", time.toMillis() + "ms"));
    limits.bodyBytes().ifPresent(bytes -> labels.put(prefix + "limit.body", size(bytes)));
    limits
        .minRate()
        .ifPresent(rate -> labels.put(prefix + "limit.min-rate", size(rate.bytesPerSecond())));
    RetrySpec retries = limits.retries();
    labels.put(prefix + "retry.attempts", Integer.toString(retries.attempts()));
    labels.put(prefix + "retry.body", size(retries.bodyBytes()));
    if (!retries.statuses().isEmpty()) {
      labels.put(
          prefix + "retry.status",
          retries.statuses().stream().map(Object::toString).collect(Collectors.joining(",")));
    }
  }

  // The first unit of which there are not too many digits.
  private static String size(long bytes) {
    return Stream.of("B:1", "KB:1000", "KiB:1024", "MB:1000000", "MiB:1048576", "GB:1000000000")
        .map(unit -> unit.split(":", 2))
        .filter(unit -> bytes % Long.parseLong(unit[1]) == 0)
        .map(unit -> bytes / Long.parseLong(unit[1]) + unit[0])
        .filter(text -> text.matches("[0-9]{1,9}[A-Za-z]+"))
        .findFirst()
        .orElseGet(() -> bytes / (1L << 30) + "GiB");
  }
}
