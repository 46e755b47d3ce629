package dev.fairlead.proxy.health;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.config.routing.StatusRanges;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds out whether an endpoint is well. */
@FunctionalInterface
interface Probe {

  /** Whether a connection can be made. */
  HealthCheck CONNECTION =
      new HealthCheck(
          Optional.empty(),
          "",
          new StatusRanges(List.of(new StatusRanges.Range(200, 399))),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          1,
          1);

  /**
   * Asks it.
   *
   * @param outcome is told once, on any thread: null when it is, else what is wrong
   */
  void ask(Endpoint endpoint, HealthCheck how, Consumer<@Nullable CheckProblem> outcome);
}
