package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests from endpoints that fail while others do not, for a while that grows, and
 * probes them before they get any again. Never more than half of a cluster. One thread at a time.
 */
final class Ejections {

  private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);

  private final Probe probe;
  private final Consumer<Endpoint> silent;
  private final Map<Endpoint, Watched> watched = new HashMap<>();
  private long count;

  /**
   * @param silent told of endpoints that say nothing any more
   */
  Ejections(Probe probe, Consumer<Endpoint> silent) {
    this.probe = probe;
    this.silent = silent;
  }

  /** How many there were. */
  long count() {
    return count;
  }

  /**
   * Looks at all endpoints.
   *
   * @param answers runs what is told of a probe, later, as this method is run
   */
  void look(List<Cluster> clusters, long nowNanos, Consumer<Answer> answers) {
    Set<Endpoint> present = new HashSet<>();
    for (Cluster cluster : clusters) {
      if (cluster.spec().policy().ejects() && cluster.endpoints().size() > 1) {
        cluster.endpoints().forEach(present::add);
        look(cluster, nowNanos, answers);
      }
    }
    // Whoever is alone, or not watched any more, is not left out for what was.
    watched
        .values()
        .removeIf(
            one -> {
              boolean gone = !present.contains(one.endpoint());
              if (gone && one.stage() != Watched.Stage.SERVING) {
                one.readmit(nowNanos);
                clusters.stream()
                    .filter(cluster -> cluster.endpoints().contains(one.endpoint()))
                    .forEach(Cluster::review);
              }
              return gone;
            });
  }

  private void look(Cluster cluster, long nowNanos, Consumer<Answer> answers) {
    List<Watched> all = new ArrayList<>();
    for (Endpoint endpoint : cluster.endpoints()) {
      Watched one = watched.computeIfAbsent(endpoint, key -> new Watched(key, nowNanos));
      one.look(nowNanos);
      all.add(one);
      if (one.isDue(nowNanos)) {
        one.probed();
        ask(cluster, one, answers, this::answered);
      }
    }
    Counts together =
        all.stream()
            .filter(one -> one.stage() == Watched.Stage.SERVING)
            .map(Watched::recent)
            .reduce(Counts.NONE, Counts::plus);
    for (Watched one : all) {
      if (one.stage() == Watched.Stage.SERVING) {
        judge(cluster, all, one, together.minus(one.recent()), nowNanos, answers);
      }
    }
  }

  /** What is done with what a probe found out. */
  private interface Consequence {
    void draw(Cluster cluster, Watched one, @Nullable CheckProblem problem, long nowNanos);
  }

  private void ask(
      Cluster cluster, Watched one, Consumer<Answer> answers, Consequence consequence) {
    probe.ask(
        one.endpoint(),
        cluster.spec().policy().check().orElse(Probe.CONNECTION),
        problem ->
            answers.accept(
                (clusters, nowNanos) ->
                    clusters.stream()
                        .filter(now -> now.endpoints().contains(one.endpoint()))
                        .forEach(now -> consequence.draw(now, one, problem, nowNanos))));
  }

  private void judge(
      Cluster cluster,
      List<Watched> all,
      Watched one,
      Counts others,
      long nowNanos,
      Consumer<Answer> answers) {
    if (OutlierRules.isSuspect(one.recent(), one.awaited()) && one.ask(nowNanos)) {
      ask(cluster, one, answers, this::heard);
    }
    String wrong =
        OutlierRules.wrong(
            one.recent(),
            others,
            one.endpoint().state().outcomes().failuresInARow(),
            one.awaited());
    if (wrong == null) {
      wrong = OutlierRules.wrongNow(one.ofThisMoment(), others);
    }
    if (wrong != null) {
      eject(cluster, all, one, wrong, nowNanos);
    }
  }

  private void eject(Cluster cluster, List<Watched> all, Watched one, String wrong, long nowNanos) {
    long out = all.stream().filter(other -> other.stage() != Watched.Stage.SERVING).count();
    if ((out + 1) * 2 > all.size()) {
      return;
    }
    Duration pause = one.eject(nowNanos);
    count++;
    cluster.review();
    LOG.warn(
        "task {} of {} gets no requests for {} s: {}; {} of {} tasks are left out",
        one.endpoint(),
        cluster,
        pause.toSeconds(),
        wrong,
        out + 1,
        all.size());
  }

  /** One that answered nothing for a while was asked. */
  private void heard(Cluster cluster, Watched one, @Nullable CheckProblem problem, long nowNanos) {
    one.heard(nowNanos);
    if (problem == null || !problem.silent()) {
      return; // It is only slow.
    }
    if (one.stage() == Watched.Stage.SERVING) {
      List<Watched> all =
          cluster.endpoints().stream()
              .map(endpoint -> watched.computeIfAbsent(endpoint, key -> new Watched(key, nowNanos)))
              .toList();
      eject(cluster, all, one, "it does not answer (%s)".formatted(problem), nowNanos);
    }
    silent.accept(one.endpoint());
  }

  private void answered(
      Cluster cluster, Watched one, @Nullable CheckProblem problem, long nowNanos) {
    if (one.stage() == Watched.Stage.PROBED && watched.get(one.endpoint()) == one) {
      settle(cluster, nowNanos, one, problem);
    }
  }

  private static void settle(
      Cluster cluster, long nowNanos, Watched one, @Nullable CheckProblem problem) {
    if (problem == null) {
      one.readmit(nowNanos);
      cluster.review();
      LOG.info("task {} of {} gets requests again", one.endpoint(), cluster);
    } else {
      Duration pause = one.probeFailed(nowNanos);
      LOG.info(
          "task {} of {} is still not there ({}), and gets no requests for {} s more",
          one.endpoint(),
          cluster,
          problem,
          pause.toSeconds());
    }
  }
}
