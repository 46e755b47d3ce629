package dev.fairlead.config.load;

import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.config.routing.UpstreamSpec;
import java.util.List;
import java.util.Optional;

/**
 * One route that a service asks for, with every default filled in.
 *
 * @param name empty for the service's own route, else the {@code <name>} of {@code routes.<name>}
 * @param hosts at least one
 * @param port of the task
 * @param upstream how the task is spoken to
 * @param network the network to reach the tasks on; empty for the one shared with the proxy
 * @param policy how the tasks share the requests
 * @param onDemand which names below its wildcards get certificates of their own; empty where there
 *     is no wildcard
 * @param together whether its hosts share one certificate
 */
public record RouteDefinition(
    String name,
    List<HostPattern> hosts,
    PathPrefix path,
    boolean stripPath,
    int port,
    UpstreamSpec upstream,
    Optional<String> network,
    ClusterPolicy policy,
    TlsMode tls,
    boolean redirectToHttps,
    RouteLimits limits,
    Optional<OnDemand> onDemand,
    boolean together) {
  public RouteDefinition {
    hosts = List.copyOf(hosts);
  }
}
