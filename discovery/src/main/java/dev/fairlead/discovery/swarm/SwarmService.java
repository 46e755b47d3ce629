package dev.fairlead.discovery.swarm;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A service as Docker knows it.
 *
 * @param name with that of its stack: {@code shop_web}
 * @param networks the ids, or names, of the networks its new tasks are attached to
 */
record SwarmService(
    String id, String name, Instant createdAt, Map<String, String> labels, List<String> networks) {

  /** Which stack made a service or a network. */
  static final String STACK_LABEL = "com.docker.stack.namespace";

  SwarmService {
    labels = Map.copyOf(labels);
    networks = List.copyOf(networks);
  }

  /** The name that the stack's own file calls it by. */
  String shortName() {
    String prefix = labels.getOrDefault(STACK_LABEL, "") + "_";
    return prefix.length() > 1 && name.startsWith(prefix) && name.length() > prefix.length()
        ? name.substring(prefix.length())
        : name;
  }

  /** Whether its new tasks are attached to the network. */
  boolean isOn(SwarmNetwork network) {
    return networks.contains(network.id()) || networks.contains(network.name());
  }
}
