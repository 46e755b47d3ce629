package dev.fairlead.proxy.health;

import dev.fairlead.config.routing.HealthCheck;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the endpoints of the clusters that want it again and again whether they are well. One thread
 * at a time.
 */
final class Checks {

  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  private final Probe probe;
  private final Consumer<Endpoint> silent;
  private final RandomGenerator random;
  private final Map<Endpoint, Checked> checked = new HashMap<>();

  /**
   * @param silent told of endpoints that say nothing any more
   */
  Checks(Probe probe, Consumer<Endpoint> silent, RandomGenerator random) {
    this.probe = probe;
    this.silent = silent;
    this.random = random;
  }

  /**
   * Asks those whose turn it is.
   *
   * @param answers runs what is told of a check, later, as this method is run
   */
  void look(List<Cluster> clusters, long nowNanos, Consumer<Answer> answers) {
    Set<Endpoint> present = new HashSet<>();
    for (Cluster cluster : clusters) {
      Optional<HealthCheck> check = cluster.spec().policy().check();
      for (Endpoint endpoint : cluster.endpoints()) {
        if (check.isPresent()) {
          present.add(endpoint);
          ask(endpoint, check.get(), nowNanos, answers);
        } else if (endpoint.state().isDown()) {
          // The label that had it checked is gone.
          endpoint.state().rise(nowNanos);
          cluster.review();
        }
      }
    }
    checked.keySet().retainAll(present);
  }

  private void ask(Endpoint endpoint, HealthCheck how, long nowNanos, Consumer<Answer> answers) {
    Checked one = checked.computeIfAbsent(endpoint, key -> new Checked(nowNanos));
    if (one.isDue(nowNanos)) {
      one.asked();
      probe.ask(
          endpoint,
          how,
          problem -> answers.accept((now, at) -> answered(now, at, endpoint, one, problem)));
    }
  }

  private void answered(
      List<Cluster> clusters,
      long nowNanos,
      Endpoint endpoint,
      Checked one,
      @Nullable CheckProblem problem) {
    for (Cluster cluster : clusters) {
      Optional<HealthCheck> check = cluster.spec().policy().check();
      if (check.isPresent() && cluster.endpoints().contains(endpoint)) {
        one.answered(check.get(), problem == null, nowNanos, random);
        settle(cluster, check.get(), endpoint, one, problem, nowNanos);
      }
    }
  }

  private void settle(
      Cluster cluster,
      HealthCheck check,
      Endpoint endpoint,
      Checked one,
      @Nullable CheckProblem problem,
      long nowNanos) {
    boolean down = endpoint.state().isDown();
    if (down && one.inARow() >= check.rise()) {
      endpoint.state().rise(nowNanos);
      cluster.review();
      LOG.info("task {} of {} is well and gets requests", endpoint, cluster);
    } else if (!down && one.inARow() <= -check.fall()) {
      endpoint.state().fall();
      cluster.review();
      if (problem != null && problem.silent()) {
        silent.accept(endpoint);
      }
      LOG.warn(
          "task {} of {} gets no requests: {} checks in a row failed, the last one with: {}",
          endpoint,
          cluster,
          -one.inARow(),
          problem);
    }
  }
}
