package dev.fairlead.config.routing;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who decides which names below a wildcard get a certificate of their own when a client comes for
 * them. What is said here has to allow a name, all of it.
 *
 * @param names those that may have one; empty for all that {@code ask} says yes to
 * @param ask an address that is asked about each name, and answers 200 where it may have one
 */
public record OnDemand(List<NamePattern> names, Optional<URI> ask) {

  public OnDemand {
    names = List.copyOf(names);
    if (names.isEmpty() && ask.isEmpty()) {
      throw new IllegalArgumentException("on-demand: no rule (expected: names or ask)");
    }
  }

  /** Whether the names do not rule it out. */
  public boolean lists(String host) {
    return names.isEmpty() || names.stream().anyMatch(name -> name.matches(host));
  }
}
