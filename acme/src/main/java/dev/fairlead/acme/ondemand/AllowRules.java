package dev.fairlead.acme.ondemand;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.OnDemand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which names may be wanted on demand, as the routes say. Immutable; asked by event loops. */
final class AllowRules {

  static final AllowRules NONE = new AllowRules(Map.of(), Set.of());

  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;

  private final Map<String, List<OnDemand>> byDomain = new HashMap<>();
  private final Set<String> routed;

  /**
   * @param wildcards each with the rules of its routes, any of which may allow a name
   * @param hosts that are routed; one that is routed by its own name hides the wildcard
   */
  AllowRules(Map<HostPattern, List<OnDemand>> wildcards, Set<HostPattern> hosts) {
    wildcards.forEach((host, rules) -> byDomain.put(host.suffix(), List.copyOf(rules)));
    this.routed =
        hosts.stream()
            .filter(host -> !host.wildcard())
            .map(HostPattern::suffix)
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean isEmpty() {
    return byDomain.isEmpty();
  }

  /**
   * Whether a name is one that a wildcard with rules stands for, and that could have a certificate.
   *
   * @param name anything, in lower case
   */
  boolean cover(String name) {
    if (byDomain.isEmpty() || name.length() > LONGEST_NAME) {
      return false;
    }
    int dot = name.indexOf('.');
    return isLabel(name, dot)
        && byDomain.containsKey(name.substring(dot + 1))
        && !routed.contains(name);
  }

  /** The rules that do not rule out a name that is covered. */
  List<OnDemand> listing(String name) {
    return byDomain.getOrDefault(name.substring(name.indexOf('.') + 1), List.of()).stream()
        .filter(rule -> rule.lists(name))
        .toList();
  }

  /** Whether a name may be wanted, unless an address that is asked says no. */
  boolean allow(String name) {
    return cover(name) && !listing(name).isEmpty();
  }

  private static boolean isLabel(String name, int end) {
    if (end < 1 || end > LONGEST_LABEL || name.charAt(0) == '-' || name.charAt(end - 1) == '-') {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
        return false;
      }
    }
    return true;
  }
}
