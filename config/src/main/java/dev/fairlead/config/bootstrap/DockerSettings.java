package dev.fairlead.config.bootstrap;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Docker Swarm as a source of routes.
 *
 * @param enabled whether Docker is asked at all
 * @param endpoint {@code unix:///path} or {@code tcp://host:port}
 * @param poll the shortest pause between two looks while nothing changes, at most 500 ms
 * @param timeout how long one call may take before it counts as failed
 * @param networks the names of networks to reach tasks on; empty for those of the proxy's own task
 */
public record DockerSettings(
    boolean enabled, URI endpoint, Duration poll, Duration timeout, List<String> networks) {

  public DockerSettings {
    networks = List.copyOf(networks);
  }
}
