package dev.fairlead.config.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The endpoints of one service and port, and how one of them is chosen.
 *
 * @param name unique in a {@link RoutingSpec}: the service's name and the port ({@code shop:8080})
 * @param policy how the endpoints share the requests
 * @param upstream how they are spoken to
 * @param endpoints ordered, each address once; empty when no task can answer
 */
public record ClusterSpec(
    String name, ClusterPolicy policy, UpstreamSpec upstream, List<EndpointSpec> endpoints)
    implements Comparable<ClusterSpec> {

  public ClusterSpec {
    Set<String> addresses = new HashSet<>();
    endpoints = endpoints.stream().sorted().filter(one -> addresses.add(one.toString())).toList();
  }

  /** A cluster that is spoken to by plain HTTP/1.1. */
  public ClusterSpec(String name, Balance balance, List<EndpointSpec> endpoints) {
    this(name, ClusterPolicy.of(balance), UpstreamSpec.PLAIN, endpoints);
  }

  @Override
  public int compareTo(ClusterSpec other) {
    return name.compareTo(other.name);
  }
}
