package dev.fairlead.discovery.swarm;

import dev.fairlead.config.routing.EndpointSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds where tasks can be reached. */
final class TaskAddresses {

  /**
   * The endpoints of the tasks that are on one of the networks.
   *
   * @param networks in the order of preference
   */
  static List<EndpointSpec> of(List<SwarmTask> tasks, List<SwarmNetwork> networks, int port) {
    return tasks.stream().flatMap(task -> endpoint(task, networks, port)).toList();
  }

  private static Stream<EndpointSpec> endpoint(
      SwarmTask task, List<SwarmNetwork> networks, int port) {
    return networks.stream()
        .map(task::addressOn)
        .flatMap(Optional::stream)
        .flatMap(address -> endpoint(address, port).stream())
        .limit(1);
  }

  /** Empty when the text is no address: Docker's answers are not relied on. */
  private static Optional<EndpointSpec> endpoint(String address, int port) {
    return EndpointSpec.parse(
        (address.contains(":") ? "[" + address + "]:" : address + ":") + port);
  }

  private TaskAddresses() {}
}
