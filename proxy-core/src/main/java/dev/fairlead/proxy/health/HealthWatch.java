package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import dev.fairlead.proxy.upstream.UpstreamPools;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks after endpoints. */
public final class HealthWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);
  private static final long PERIOD_MILLIS = 250;

  private final SnapshotPublisher snapshots;
  private final LongSupplier nanoTime;
  private final Ejections ejections;
  private final Checks checks;
  private final Departures departures;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("health").daemon().factory());
  private volatile long ejected;

  /**
   * Not at work yet.
   *
   * @param silent told of endpoints that say nothing any more
   * @param gone told of endpoints that left, and took with them what they were at work on
   */
  public HealthWatch(
      SnapshotPublisher snapshots,
      UpstreamPools pools,
      Consumer<Endpoint> silent,
      Consumer<Endpoint> gone,
      LongSupplier nanoTime) {
    this.snapshots = snapshots;
    this.nanoTime = nanoTime;
    this.ejections = new Ejections(pools::check, silent);
    this.departures = new Departures(pools::check, gone);
    this.checks = new Checks(pools::check, silent, new SplittableRandom());
  }

  public void start() {
    thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** How many times an endpoint was left out. */
  public long ejected() {
    return ejected;
  }

  private void look() {
    try {
      snapshots.review(this::look);
    } catch (RuntimeException e) {
      // The next look may do better, and without it no task would ever come back.
      LOG.error("the tasks could not be looked at", e);
    }
  }

  private void look(List<Cluster> clusters, List<Endpoint> left) {
    long now = nanoTime.getAsLong();
    for (Answer next = answers.poll(); next != null; next = answers.poll()) {
      next.apply(clusters, now);
    }
    clusters.forEach(cluster -> cluster.countRequests(now));
    checks.look(clusters, now, answers::add);
    ejections.look(clusters, now, answers::add);
    departures.look(left, now, answers::add);
    ejected = ejections.count();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
