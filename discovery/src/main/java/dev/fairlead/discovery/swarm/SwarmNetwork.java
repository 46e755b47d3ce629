package dev.fairlead.discovery.swarm;

/**
 * A network that spans the Swarm.
 *
 * @param name as Docker knows it: {@code <stack>_<name>} when a stack made it
 * @param stack the stack that made it, or empty
 * @param ingress whether it is the one of Docker's routing mesh, which connects no tasks
 */
record SwarmNetwork(String id, String name, String stack, boolean ingress)
    implements Comparable<SwarmNetwork> {

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
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : id.compareTo(other.id);
  }
}
