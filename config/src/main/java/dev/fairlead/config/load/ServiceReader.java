package dev.fairlead.config.load;

import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.RetrySpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.ServiceOptions.Redirect;
import dev.fairlead.config.schema.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one service, wherever it is written down. */
final class ServiceReader {

  private static final Pattern HOST_LABEL =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  private static final String OTHER_ROUTE = ", as another route to the same port";

  private final String service;
  private final Optional<String> domain;
  private final ServiceEntries.Place place;
  private final Problems problems;
  private final Values own;
  private final List<RouteValues> routes;
  private @Nullable String checkedHost;

  /**
   * Reads each value alone; what must fit together is left to {@link #definition}.
   *
   * @param service its name, without that of its stack
   * @param domain of services without a host
   * @param entries by key, as after the prefix of the place
   * @param problems gets all that is wrong
   */
  ServiceReader(
      String service,
      Optional<String> domain,
      ServiceEntries.Place place,
      SortedMap<String, Entry> entries,
      Problems problems) {
    this.service = service;
    this.domain = domain;
    this.place = place;
    this.problems = problems;
    ServiceEntries sorted = ServiceEntries.sort(entries, place, problems);
    this.own = new Values(place.service(), sorted.own(), problems);
    this.routes = new ArrayList<>();
    if (sorted.routes().isEmpty() || place.route().options().stream().anyMatch(own::isGiven)) {
      routes.add(new RouteValues("", place.prefix(), own, own));
    }
    sorted
        .routes()
        .forEach(
            (name, written) ->
                routes.add(
                    new RouteValues(
                        name, prefix(name), new Values(place.route(), written, problems), own)));
  }

  /** Whether these entries ask for routes: there is one, and it does not switch the rest off. */
  static boolean isOptedIn(Map<String, Entry> entries) {
    Entry enable = entries.get(ServiceOptions.ENABLE.key());
    return !entries.isEmpty() && (enable == null || !enable.text().strip().equals("false"));
  }

  /** What was written for the service itself. */
  Values own() {
    return own;
  }

  /** What the service asks for; not whole when there were problems. */
  ServiceDefinition definition() {
    List<RouteDefinition> definitions = new ArrayList<>();
    for (RouteValues values : routes) {
      route(values).ifPresent(definitions::add);
    }
    checkMatches(definitions);
    TogetherReader.check(definitions, this::prefix, problems);
    checkClusters(definitions);
    return new ServiceDefinition(service, definitions);
  }

  private String prefix(String route) {
    return route.isEmpty()
        ? place.prefix()
        : place.prefix() + ServiceOptions.ROUTES_PREFIX + route + ".";
  }

  private Optional<RouteDefinition> route(RouteValues values) {
    Optional<List<HostPattern>> hosts = hosts(values);
    if (contradictsItself(values) || hosts.isEmpty() || !values.isReadable()) {
      return Optional.empty();
    }
    Optional<UpstreamSpec> upstream = UpstreamReader.read(values, service, problems);
    if (upstream.isEmpty()) {
      return Optional.empty();
    }
    TlsMode tls = values.find(ServiceOptions.TLS).orElseThrow();
    Redirect redirect =
        values
            .find(ServiceOptions.REDIRECT)
            .orElse(tls == TlsMode.OFF ? Redirect.OFF : Redirect.HTTPS);
    return Optional.of(
        new RouteDefinition(
            values.name(),
            hosts.get(),
            values.path(),
            values.find(ServiceOptions.PATH_STRIP).orElseThrow(),
            values.find(ServiceOptions.PORT).orElseThrow(),
            upstream.get(),
            values.find(ServiceOptions.NETWORK),
            PolicyReader.read(values, service, checkedHost(hosts.get()), problems),
            tls,
            redirect == Redirect.HTTPS,
            new RouteLimits(
                values.find(ServiceOptions.TIMEOUT_CONNECT),
                values.find(ServiceOptions.TIMEOUT_IDLE),
                values.find(ServiceOptions.LIMIT_BODY),
                values.find(ServiceOptions.LIMIT_MIN_RATE),
                new RetrySpec(
                    values.find(ServiceOptions.RETRY_ATTEMPTS).orElseThrow(),
                    values.find(ServiceOptions.RETRY_STATUS).orElse(Set.of()),
                    Math.toIntExact(values.find(ServiceOptions.RETRY_BODY).orElseThrow()))),
            OnDemandReader.read(values, hosts.get(), tls, problems),
            TogetherReader.read(values, hosts.get(), tls, problems)));
  }

  // The first one of the service: its tasks are checked for all of its routes.
  private String checkedHost(List<HostPattern> hosts) {
    if (checkedHost == null) {
      checkedHost =
          hosts.stream()
              .filter(host -> !host.wildcard())
              .map(HostPattern::authority)
              .findFirst()
              .orElse(service);
    }
    return checkedHost;
  }

  private Optional<List<HostPattern>> hosts(RouteValues values) {
    if (values.isGiven(ServiceOptions.HOST)) {
      return values.find(ServiceOptions.HOST);
    }
    Optional<HostPattern> host = defaultHost();
    // A named route takes it from the service's own route, where one sentence is enough.
    boolean own = routes.getFirst().name().isEmpty();
    if (host.isEmpty() && (values.name().isEmpty() || !own)) {
      problems.add(values.pathOf(ServiceOptions.HOST), "", "a host name here, " + whyNoDefault());
    }
    return host.map(List::of);
  }

  private Optional<HostPattern> defaultHost() {
    return HOST_LABEL.matcher(service).matches()
        ? domain.flatMap(name -> HostPattern.parse(service + "." + name))
        : Optional.empty();
  }

  private String whyNoDefault() {
    return domain
        .map(name -> "as %s.%s, made of service and domain, is none".formatted(service, name))
        .orElse("or the setting domain: then it is <service>.<domain>");
  }

  private boolean contradictsItself(RouteValues values) {
    boolean contradiction =
        values.find(ServiceOptions.TLS).equals(Optional.of(TlsMode.OFF))
            && values.find(ServiceOptions.REDIRECT).equals(Optional.of(Redirect.HTTPS));
    if (contradiction) {
      problems.add(values.pathOf(ServiceOptions.REDIRECT), "https", "off, as tls is off");
    }
    return contradiction;
  }

  private void checkMatches(List<RouteDefinition> routes) {
    Map<RouteSpec.Match, String> seen = new HashMap<>();
    for (RouteDefinition route : routes) {
      for (HostPattern host : route.hosts()) {
        RouteSpec.Match match = new RouteSpec.Match(host, route.path());
        String other = seen.putIfAbsent(match, prefix(route.name()));
        if (other != null) {
          problems.add(
              pathOf(route, ServiceOptions.PATH),
              match.toString(),
              "another path or host than that of " + other + ServiceOptions.PATH.key());
        }
      }
    }
  }

  /** Tasks and port are one cluster, which is balanced in one way and reached on one network. */
  private void checkClusters(List<RouteDefinition> routes) {
    Map<Integer, RouteDefinition> seen = new HashMap<>();
    for (RouteDefinition route : routes) {
      RouteDefinition first = seen.putIfAbsent(route.port(), route);
      if (first == null) {
        continue;
      }
      checkPolicy(route, first.policy());
      checkUpstream(route, first.upstream());
      if (!first.network().equals(route.network())) {
        problems.add(
            pathOf(route, ServiceOptions.NETWORK),
            route.network().orElse(""),
            first.network().orElse("nothing") + OTHER_ROUTE);
      }
    }
  }

  private void checkPolicy(RouteDefinition route, ClusterPolicy first) {
    ClusterPolicy policy = route.policy();
    if (policy.balance() != first.balance()) {
      problems.add(
          pathOf(route, ServiceOptions.BALANCE),
          Spelling.word(policy.balance()),
          Spelling.word(first.balance()) + OTHER_ROUTE);
    } else if (!policy.equals(first)) {
      problems.add(
          pathOf(route, ServiceOptions.BALANCE),
          "another balance.key, slow-start, sticky, eject, limit, hold or health",
          "the same" + OTHER_ROUTE);
    }
  }

  private void checkUpstream(RouteDefinition route, UpstreamSpec first) {
    UpstreamSpec upstream = route.upstream();
    if (upstream.scheme() != first.scheme()) {
      problems.add(
          pathOf(route, ServiceOptions.SCHEME),
          Spelling.word(upstream.scheme()),
          Spelling.word(first.scheme()) + OTHER_ROUTE);
    } else if (!upstream.equals(first)) {
      problems.add(
          pathOf(route, ServiceOptions.SCHEME),
          "another scheme.verify, scheme.ca, scheme.name or proxy-protocol",
          "the same" + OTHER_ROUTE);
    }
  }

  private String pathOf(RouteDefinition route, Option<?> option) {
    return prefix(route.name()) + option.key();
  }
}
