package dev.fairlead.discovery.swarm;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the networks on which this process can reach tasks: those that the settings name, or else
 * those of the task that this process is. For one thread.
 */
final class OwnNetworks {

  private static final Logger log = LoggerFactory.getLogger(OwnNetworks.class);

  private final List<String> names;
  private final Supplier<Machine> machine;

  /** Once found it is kept: a task that is to stop, but still drains, is not in the list. */
  private @Nullable List<SwarmNetwork> ofOwnTask;

  /** The names of which the log was told that there is no such network. */
  private List<String> missing = List.of();

  /**
   * Nothing is found yet.
   *
   * @param names as Docker knows the networks or as their stack's file calls them; empty for those
   *     of the own task
   */
  OwnNetworks(List<String> names, Supplier<Machine> machine) {
    this.names = names;
    this.machine = machine;
  }

  /** Whether {@link #find} needs the list of all networks. */
  boolean areNamed() {
    return !names.isEmpty();
  }

  /**
   * Finds them, ordered by name; Docker's own ingress network is none of them.
   *
   * @param all every network of the Swarm; may be empty when none are named
   * @throws EngineException when there is no own task, or no network of a name
   */
  List<SwarmNetwork> find(List<SwarmTask> tasks, List<SwarmNetwork> all) throws EngineException {
    if (areNamed()) {
      return named(usable(all));
    }
    if (ofOwnTask == null) {
      ofOwnTask = ofOwnTask(tasks, machine.get());
    }
    return ofOwnTask;
  }

  private List<SwarmNetwork> named(List<SwarmNetwork> all) throws EngineException {
    List<SwarmNetwork> named =
        all.stream().filter(network -> names.stream().anyMatch(network::isCalled)).toList();
    if (named.isEmpty()) {
      String there = all.stream().map(SwarmNetwork::name).collect(Collectors.joining(", "));
      throw new EngineException(
          "docker.networks: %s (expected: networks of the Swarm, which are: %s)"
              .formatted(String.join(", ", names), there));
    }
    tellMissing(named);
    return named;
  }

  private void tellMissing(List<SwarmNetwork> named) {
    List<String> nowMissing =
        names.stream()
            .filter(name -> named.stream().noneMatch(network -> network.isCalled(name)))
            .toList();
    if (!nowMissing.isEmpty() && !nowMissing.equals(missing)) {
      log.warn("docker.networks: {} (expected: networks of the Swarm)", nowMissing);
    }
    missing = nowMissing;
  }

  /** The own task is the one whose addresses are all this machine's, even while it is starting. */
  private static List<SwarmNetwork> ofOwnTask(List<SwarmTask> tasks, Machine machine)
      throws EngineException {
    SwarmTask own =
        tasks.stream()
            .filter(task -> isHere(task, machine.addresses()))
            .max(
                Comparator.comparing((SwarmTask task) -> isNamed(task, machine.hostname()))
                    .thenComparingInt(task -> task.attachments().size())
                    .thenComparing(SwarmTask::id))
            .orElseThrow(
                () ->
                    new EngineException(
                        "the proxy's own task is not among the Swarm's tasks, run the proxy as a"
                            + " service on an overlay network or name the networks in"
                            + " docker.networks"));
    return usable(own.attachments().stream().map(SwarmTask.Attachment::network).toList());
  }

  private static boolean isHere(SwarmTask task, Set<String> addresses) {
    List<String> its = task.attachments().stream().flatMap(a -> a.addresses().stream()).toList();
    return !its.isEmpty() && its.stream().map(OwnNetworks::spelling).allMatch(addresses::contains);
  }

  /** An address as {@link Machine} spells it: an IPv6 address has many spellings. */
  private static String spelling(String address) {
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }

  /** By default a container's host name is the beginning of its id. */
  private static boolean isNamed(SwarmTask task, String hostname) {
    return hostname.length() >= 12 && task.containerId().startsWith(hostname);
  }

  private static List<SwarmNetwork> usable(List<SwarmNetwork> networks) {
    return networks.stream().filter(network -> !network.ingress()).sorted().toList();
  }
}
