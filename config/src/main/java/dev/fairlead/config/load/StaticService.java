package dev.fairlead.config.load;

import dev.fairlead.config.routing.EndpointSpec;
import java.util.List;

/**
 * A service that a YAML file describes whole.
 *
 * @param endpoints where it answers; the {@code port} of the definition's routes says nothing here
 */
public record StaticService(ServiceDefinition definition, List<EndpointSpec> endpoints) {
  public StaticService {
    endpoints = List.copyOf(endpoints);
  }
}
