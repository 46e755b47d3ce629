package dev.fairlead.discovery.swarm;

import java.util.List;

/**
 * A Swarm as far as its services' routes depend on it.
 *
 * @param tasks those that are wanted to run, and maybe others
 * @param own the networks on which this process can reach tasks, in the order of preference
 */
record SwarmState(List<SwarmService> services, List<SwarmTask> tasks, List<SwarmNetwork> own) {
  SwarmState {
    services = List.copyOf(services);
    tasks = List.copyOf(tasks);
    own = List.copyOf(own);
  }
}
