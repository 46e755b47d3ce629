package dev.fairlead.config.load;

import dev.fairlead.config.routing.Admission;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HashKey;
import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.StatusRanges;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.Spelling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how the tasks of a route share its requests, and what of that contradicts itself. */
final class PolicyReader {

  private static final StatusRanges WELL = StatusRanges.parse("200-399").orElseThrow();
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int FALL = 3;
  private static final int RISE = 1;

  private static final List<Option<?>> OF_CHECKS =
      List.of(
          ServiceOptions.HEALTH_STATUS,
          ServiceOptions.HEALTH_INTERVAL,
          ServiceOptions.HEALTH_TIMEOUT,
          ServiceOptions.HEALTH_FALL,
          ServiceOptions.HEALTH_RISE);

  private final RouteValues values;
  private final Problems problems;

  private PolicyReader(RouteValues values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /**
   * Reads it.
   *
   * @param values all of which could be read
   * @param service whose name is in that of its cookie
   * @param host that checks name, the same for all routes of a service
   */
  static ClusterPolicy read(RouteValues values, String service, String host, Problems problems) {
    return new PolicyReader(values, problems).read(service, host);
  }

  private ClusterPolicy read(String service, String host) {
    Balance balance = values.find(ServiceOptions.BALANCE).orElseThrow();
    if (balance != Balance.HASH) {
      leftOut(ServiceOptions.BALANCE_KEY, "nothing, as balance is " + Spelling.word(balance));
    }
    HashKey key =
        balance == Balance.HASH
            ? values.find(ServiceOptions.BALANCE_KEY).orElse(HashKey.CLIENT)
            : HashKey.CLIENT;
    return new ClusterPolicy(
        balance,
        key,
        values.find(ServiceOptions.SLOW_START).orElseThrow(),
        values.find(ServiceOptions.EJECT).orElseThrow(),
        sticky(service),
        admission(),
        check(host));
  }

  private Optional<String> sticky(String service) {
    if (!values.find(ServiceOptions.STICKY).orElseThrow()) {
      leftOut(ServiceOptions.STICKY_COOKIE, "nothing, as sticky is false");
      return Optional.empty();
    }
    int port = values.find(ServiceOptions.PORT).orElse(0);
    // Another one for each cluster: services share hosts.
    String ofService = "fairlead-%08x".formatted((service + ":" + port).hashCode());
    return Optional.of(values.find(ServiceOptions.STICKY_COOKIE).orElse(ofService));
  }

  private Admission admission() {
    Optional<Integer> inFlight = values.find(ServiceOptions.LIMIT_IN_FLIGHT);
    if (inFlight.isEmpty()) {
      leftOut(ServiceOptions.LIMIT_WAIT, "limit.in-flight, too");
    }
    return new Admission(
        inFlight.orElse(0),
        values.find(ServiceOptions.LIMIT_WAITING).orElseThrow(),
        values.find(ServiceOptions.LIMIT_WAIT).orElseThrow(),
        values.find(ServiceOptions.HOLD).orElseThrow());
  }

  private Optional<HealthCheck> check(String host) {
    Optional<String> path = values.find(ServiceOptions.HEALTH_PATH);
    boolean connect = values.find(ServiceOptions.HEALTH_CONNECT).orElse(false);
    if (path.isEmpty() && !connect) {
      OF_CHECKS.forEach(option -> leftOut(option, "health.path or health.connect, too"));
      return Optional.empty();
    }
    if (path.isEmpty()) {
      leftOut(ServiceOptions.HEALTH_STATUS, "nothing, as there is no health.path");
    }
    return Optional.of(
        new HealthCheck(
            path,
            host,
            path.isEmpty() ? WELL : values.find(ServiceOptions.HEALTH_STATUS).orElse(WELL),
            values.find(ServiceOptions.HEALTH_INTERVAL).orElse(INTERVAL),
            values.find(ServiceOptions.HEALTH_TIMEOUT).orElse(TIMEOUT),
            values.find(ServiceOptions.HEALTH_FALL).orElse(FALL),
            values.find(ServiceOptions.HEALTH_RISE).orElse(RISE)));
  }

  // What a named route only inherits is for its service's other routes.
  private void leftOut(Option<?> option, String expected) {
    if (values.route().isGiven(option)) {
      problems.add(values.pathOf(option), values.route().textOf(option), expected);
    }
  }
}
