package dev.fairlead.config.load;

import java.util.List;

/**
 * What the labels of one service ask for; where its tasks are is not in it.
 *
 * @param service the name of the service, without that of its stack
 * @param routes at least one
 */
public record ServiceDefinition(String service, List<RouteDefinition> routes) {
  public ServiceDefinition {
    routes = List.copyOf(routes);
  }
}
