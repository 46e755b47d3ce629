package dev.fairlead.discovery.swarm;

import dev.fairlead.config.load.Problem;
import dev.fairlead.config.load.RouteDefinition;
import dev.fairlead.config.load.ServiceDefinition;
import dev.fairlead.config.load.ServiceLabels;
import dev.fairlead.discovery.FoundService;
import dev.fairlead.discovery.ServiceProblem;
import dev.fairlead.discovery.ServiceRoutes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * From Docker's objects to services with routes and endpoints. A pure function: the same objects
 * and the same definitions from before give the same result.
 */
final class SwarmTranslator {

  /**
   * What came of it.
   *
   * @param definitions the last good definition of each service that has one, by its id: what it
   *     keeps while its labels are bad
   */
  record Translation(
      List<FoundService> services,
      List<ServiceProblem> problems,
      Map<String, ServiceDefinition> definitions) {
    Translation {
      services = List.copyOf(services);
      problems = List.copyOf(problems);
      definitions = Map.copyOf(definitions);
    }
  }

  private final SwarmState swarm;
  private final Optional<String> domain;
  private final Map<String, ServiceDefinition> before;
  private final Map<String, List<SwarmTask>> tasks;
  private final List<FoundService> found = new ArrayList<>();
  private final List<ServiceProblem> problems = new ArrayList<>();
  private final Map<String, ServiceDefinition> definitions = new HashMap<>();

  private SwarmTranslator(
      SwarmState swarm, Optional<String> domain, Map<String, ServiceDefinition> before) {
    this.swarm = swarm;
    this.domain = domain;
    this.before = before;
    this.tasks =
        swarm.tasks().stream()
            .filter(SwarmTask::mayBeChosen)
            .collect(Collectors.groupingBy(SwarmTask::serviceId));
  }

  /**
   * Translates.
   *
   * @param domain services without a host are at {@code <service>.<domain>}
   * @param before {@link Translation#definitions} of the translation before
   */
  static Translation translate(
      SwarmState swarm, Optional<String> domain, Map<String, ServiceDefinition> before) {
    SwarmTranslator translator = new SwarmTranslator(swarm, domain, before);
    swarm.services().forEach(translator::translate);
    return new Translation(translator.found, translator.problems, translator.definitions);
  }

  private void translate(SwarmService service) {
    definition(service)
        .ifPresent(
            definition -> {
              definitions.put(service.id(), definition);
              route(service, definition);
            });
  }

  /** The service's definition, or its last good one; empty when it did not opt in. */
  private Optional<ServiceDefinition> definition(SwarmService service) {
    return ServiceLabels.parse(service.shortName(), domain, service.labels())
        .either(
            definition -> {
              List<String> wrong =
                  definition.map(wanted -> wrongNetworks(service, wanted)).orElse(List.of());
              return wrong.isEmpty() ? definition : lastGood(service, wrong);
            },
            wrong -> lastGood(service, wrong.stream().map(Problem::toString).toList()));
  }

  private Optional<ServiceDefinition> lastGood(SwarmService service, List<String> wrong) {
    Optional<ServiceDefinition> last = Optional.ofNullable(before.get(service.id()));
    String consequence =
        last.isPresent()
            ? "; what its labels said before stays in force"
            : "; it is not routed until this is repaired";
    wrong.forEach(sentence -> problem(service, sentence + consequence));
    return last;
  }

  /** The networks that labels name and that are not shared; none when nothing is shared at all. */
  private List<String> wrongNetworks(SwarmService service, ServiceDefinition definition) {
    List<SwarmNetwork> shared = shared(service);
    if (shared.isEmpty()) {
      return List.of();
    }
    String expected =
        shared.stream().map(SwarmNetwork::shortName).collect(Collectors.joining(" or "));
    return definition.routes().stream()
        .flatMap(route -> route.network().stream())
        .distinct()
        .filter(name -> shared.stream().noneMatch(network -> network.isCalled(name)))
        .map(
            name ->
                "network %s is not shared with the proxy (expected: %s)".formatted(name, expected))
        .toList();
  }

  private void route(SwarmService service, ServiceDefinition definition) {
    boolean shares = !shared(service).isEmpty();
    if (!shares) {
      problem(service, notShared());
    }
    ServiceRoutes routes = new ServiceRoutes(service.name());
    for (RouteDefinition route : definition.routes()) {
      routes.add(
          route,
          service.name() + ":" + route.port(),
          TaskAddresses.of(
              tasks.getOrDefault(service.id(), List.of()),
              preference(service, route.network()),
              route.port()));
    }
    // While an update takes the shared network away, the tasks from before it still answer.
    if (shares || routes.haveEndpoints()) {
      found.add(routes.toService(service.id(), service.createdAt()));
    }
  }

  private List<SwarmNetwork> shared(SwarmService service) {
    return swarm.own().stream().filter(service::isOn).toList();
  }

  /**
   * Where to look for a task's address: on the network that the label names, then on those of the
   * service, then on any: a task from before an update may be on other networks than the service.
   */
  private List<SwarmNetwork> preference(SwarmService service, Optional<String> label) {
    List<SwarmNetwork> order = new ArrayList<>();
    label.ifPresent(
        name -> {
          swarm.own().stream().filter(n -> n.name().equals(name)).forEach(order::add);
          swarm.own().stream().filter(n -> n.isCalled(name)).forEach(order::add);
        });
    order.addAll(shared(service));
    order.addAll(swarm.own());
    return order.stream().distinct().toList();
  }

  private String notShared() {
    if (swarm.own().isEmpty()) {
      return "it cannot be reached, because the proxy itself is on no overlay network; add one to"
          + " the stack file of the proxy and of the service, as networks: [reverse-proxy]";
    }
    SwarmNetwork network = swarm.own().getFirst();
    String alias = network.shortName();
    String external =
        alias.equals(network.name())
            ? "{%s: {external: true}}".formatted(alias)
            : "{%s: {external: true, name: %s}}".formatted(alias, network.name());
    return ("it cannot be reached, because it shares no network with the proxy; add networks: [%s]"
            + " to the service, and networks: %s to the top level of its stack file")
        .formatted(alias, external);
  }

  private void problem(SwarmService service, String sentence) {
    problems.add(new ServiceProblem(service.name(), sentence));
  }
}
