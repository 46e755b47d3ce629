package dev.fairlead.config.load;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.Spelling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads which routes have one certificate for all their hosts, and what speaks against it. */
final class TogetherReader {

  private TogetherReader() {}

  /**
   * Whether the hosts of a route share a certificate. What a named route only inherits, and cannot
   * have, is for its service's other routes.
   *
   * @param values all of which could be read
   */
  static boolean read(RouteValues values, List<HostPattern> hosts, TlsMode tls, Problems problems) {
    if (!values.find(ServiceOptions.TLS_TOGETHER).orElse(false)) {
      return false;
    }
    Optional<String> expected = expected(values, hosts, tls);
    if (expected.isPresent() && values.route().isGiven(ServiceOptions.TLS_TOGETHER)) {
      problems.add(values.pathOf(ServiceOptions.TLS_TOGETHER), "true", expected.get());
    }
    return expected.isEmpty();
  }

  private static Optional<String> expected(
      RouteValues values, List<HostPattern> hosts, TlsMode tls) {
    if (tls != TlsMode.ACME) {
      return Optional.of("nothing, as tls is " + Spelling.word(tls));
    }
    if (values.find(ServiceOptions.TLS_ON_DEMAND).orElse(false)) {
      return Optional.of("nothing, as tls.on-demand gives each name a certificate of its own");
    }
    return hosts.stream().distinct().count() < 2
        ? Optional.of("several names in host, such as example.com, www.example.com")
        : Optional.empty();
  }

  /** A host has one certificate, so routes that share some of their hosts share them all. */
  static void check(List<RouteDefinition> routes, UnaryOperator<String> prefix, Problems problems) {
    Map<HostPattern, RouteDefinition> seen = new HashMap<>();
    for (RouteDefinition route : routes.stream().filter(RouteDefinition::together).toList()) {
      for (HostPattern host : route.hosts()) {
        RouteDefinition first = seen.putIfAbsent(host, route);
        if (first != null && !first.hosts().equals(route.hosts())) {
          problems.add(
              prefix.apply(route.name()) + ServiceOptions.TLS_TOGETHER.key(),
              "true",
              "the same hosts in the same order as %s%s, which has %s, too"
                  .formatted(prefix.apply(first.name()), ServiceOptions.HOST.key(), host));
          break;
        }
      }
    }
  }
}
