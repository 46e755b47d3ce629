package dev.fairlead.discovery.swarm;

import java.util.Comparator;

/**
 * A network that spans the Swarm.
 *
 * @param name as Docker knows it: {@code <stack>_<name>} when a stack made it
 * @param stack the stack that made it, or empty
 * @param ingress whether it is the one of Docker's routing mesh, which connects no tasks
 */
record SwarmNetwork(String id, String name, String stack, boolean ingress)
    implements Comparable<SwarmNetwork> {

  private static final Comparator<SwarmNetwork> ORDER =
      Comparator.comparing(SwarmNetwork::name).thenComparing(SwarmNetwork::id);

  /** The name that the stack's own file calls it by. */
  String shortName() {
    String prefix = stack + "_";
    return !stack.isEmpty() && name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  /** Whether a person can mean this network by the name. */
  boolean isCalled(String text) {
    return name.equals(text) || shortName().equals(text);
  }

  @Override
  public int compareTo(SwarmNetwork other) {
    return ORDER.compare(this, other);
  }
}
