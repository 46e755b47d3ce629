package dev.fairlead.config.load;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.Spelling;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads which names of a route get certificates on demand, and what of that contradicts itself. */
final class OnDemandReader {

  private final RouteValues values;
  private final Problems problems;

  private OnDemandReader(RouteValues values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /**
   * Reads it.
   *
   * @param values all of which could be read
   * @return empty where there is none, or there were problems
   */
  static Optional<OnDemand> read(
      RouteValues values, List<HostPattern> hosts, TlsMode tls, Problems problems) {
    return new OnDemandReader(values, problems)
        .read(hosts.stream().filter(HostPattern::wildcard).toList(), tls);
  }

  private Optional<OnDemand> read(List<HostPattern> wildcards, TlsMode tls) {
    if (!values.find(ServiceOptions.TLS_ON_DEMAND).orElse(false)) {
      leftOut(ServiceOptions.TLS_ON_DEMAND_NAMES, "tls.on-demand=true, too");
      leftOut(ServiceOptions.TLS_ON_DEMAND_ASK, "tls.on-demand=true, too");
      return Optional.empty();
    }
    if (tls != TlsMode.ACME) {
      leftOut(ServiceOptions.TLS_ON_DEMAND, "nothing, as tls is " + Spelling.word(tls));
      return Optional.empty();
    }
    if (wildcards.isEmpty()) {
      leftOut(ServiceOptions.TLS_ON_DEMAND, "a wildcard in host, such as *.example.com");
      return Optional.empty();
    }
    List<NamePattern> names = names(wildcards);
    Optional<URI> ask = values.find(ServiceOptions.TLS_ON_DEMAND_ASK);
    if (names.isEmpty() && ask.isEmpty()) {
      problems.add(
          values.pathOf(ServiceOptions.TLS_ON_DEMAND),
          "true",
          "the names that may have a certificate in tls.on-demand.names, or an address that is"
              + " asked in tls.on-demand.ask: without such a rule anybody could use up the limits"
              + " of the authority");
      return Optional.empty();
    }
    return Optional.of(new OnDemand(names, ask));
  }

  private List<NamePattern> names(List<HostPattern> wildcards) {
    List<NamePattern> all = values.find(ServiceOptions.TLS_ON_DEMAND_NAMES).orElse(List.of());
    List<NamePattern> below =
        all.stream()
            .filter(
                name -> wildcards.stream().anyMatch(host -> host.suffix().equals(name.domain())))
            .toList();
    boolean own = values.route().isGiven(ServiceOptions.TLS_ON_DEMAND_NAMES);
    all.stream()
        .filter(name -> own && !below.contains(name))
        .forEach(
            name ->
                problems.add(
                    values.pathOf(ServiceOptions.TLS_ON_DEMAND_NAMES),
                    name.toString(),
                    "a name that %s stands for".formatted(wildcards.getFirst())));
    return own ? all : below; // what is wrong already is one problem, not two
  }

  // What a named route only inherits is for its service's other routes.
  private void leftOut(Option<?> option, String expected) {
    if (values.route().isGiven(option)) {
      problems.add(values.pathOf(option), values.route().textOf(option), expected);
    }
  }
}
