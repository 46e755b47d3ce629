package dev.fairlead.config.routing;

import java.util.List;

/**
 * The endpoints of one service and port, and how one of them is chosen.
 *
 * @param name unique in a {@link RoutingSpec}: the service's name and the port ({@code shop:8080})
 * @param balance how an endpoint is chosen for a request
 * @param upstream how they are spoken to
 * @param endpoints ordered, each address once; empty when no task can answer
 */
public record ClusterSpec(
    String name, Balance balance, UpstreamSpec upstream, List<EndpointSpec> endpoints)
    implements Comparable<ClusterSpec> {

  public ClusterSpec {
    endpoints = endpoints.stream().distinct().sorted().toList();
  }

  /** A cluster that is spoken to by plain HTTP/1.1. */
  public ClusterSpec(String name, Balance balance, List<EndpointSpec> endpoints) {
    this(name, balance, UpstreamSpec.PLAIN, endpoints);
  }

  @Override
  public int compareTo(ClusterSpec other) {
    return name.compareTo(other.name);
  }
}
