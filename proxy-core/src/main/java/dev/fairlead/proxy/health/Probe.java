package dev.fairlead.proxy.health;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds out whether an endpoint is well. */
@FunctionalInterface
interface Probe {

  /**
   * Asks it.
   *
   * @param outcome is told once, on any thread: null when it is, else what is wrong
   */
  void ask(Endpoint endpoint, HealthCheck how, Consumer<@Nullable CheckProblem> outcome);
}
