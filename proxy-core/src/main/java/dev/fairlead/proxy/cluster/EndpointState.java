package dev.fairlead.proxy.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The live numbers of one endpoint. They outlive the snapshots that name the endpoint, so that a
 * change of another service, or of another task, forgets nothing. Safe for use by many threads.
 */
public final class EndpointState {

  /** The first answers of a new task are slow (classes, caches, connections) and say nothing. */
  static final int WARM_UP_ANSWERS = 5;

  /** What an endpoint counts as without a latency, and what an old latency fades to. */
  private static final double UNSEEN_NANOS = 1e6;

  /** After this long without a sample, an old latency has lost 63 % of its weight. */
  private static final double DECAY_NANOS = 3e9;

  private record Latency(double nanos, long atNanos) {}

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong picks = new AtomicLong();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile @Nullable Latency latency;
  private volatile boolean retired;

  EndpointState() {}

  /** An exchange was given to the endpoint; {@link #finished} must follow once. */
  public void started() {
    inFlight.incrementAndGet();
    picks.incrementAndGet();
  }

  /** The exchange ended, in whatever way. */
  public void finished() {
    inFlight.decrementAndGet();
  }

  /**
   * Takes a sample of the time to the first byte of a response, as a peak-sensitive moving average:
   * a slower answer counts at once, a faster one by and by. A lost update between two threads is
   * harmless.
   */
  public void observe(long nanos, long nowNanos) {
    if (answers.get() < WARM_UP_ANSWERS && answers.incrementAndGet() <= WARM_UP_ANSWERS) {
      return;
    }
    Latency old = latency;
    double next = nanos;
    if (old != null) {
      double decayed = decayed(old, nowNanos);
      double weight = Math.exp(-Math.max(0, nowNanos - old.atNanos) / DECAY_NANOS);
      next = nanos > decayed ? nanos : decayed * weight + nanos * (1 - weight);
    }
    latency = new Latency(next, nowNanos);
  }

  /** How long it takes to answer, in nanoseconds, as far as is known. */
  double latencyNanos(long nowNanos) {
    Latency known = latency;
    return known == null ? UNSEEN_NANOS : decayed(known, nowNanos);
  }

  /** Whether it was asked and has never answered yet. */
  boolean isUnproven() {
    return answers.get() == 0 && inFlight.get() > 0;
  }

  public int inFlight() {
    return inFlight.get();
  }

  /** How many exchanges were given to the endpoint in all. */
  public long picks() {
    return picks.get();
  }

  /** Whether no snapshot names the endpoint any more; its idle connections are to be closed. */
  public boolean isRetired() {
    return retired;
  }

  /** The endpoint left the snapshot; called once, by who publishes. */
  public void retire() {
    retired = true;
  }

  // An endpoint that was slow once and is not asked since is forgiven by and by.
  private static double decayed(Latency latency, long nowNanos) {
    double age = Math.max(0, nowNanos - latency.atNanos);
    return UNSEEN_NANOS + (latency.nanos - UNSEEN_NANOS) * Math.exp(-age / DECAY_NANOS);
  }
}
