package dev.fairlead.proxy.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The live numbers of one endpoint. They outlive the snapshots that name the endpoint, so that a
 * change of another service, or of another task, forgets nothing. Safe for use by many threads.
 */
public final class EndpointState {

  /** The first answers of a new task are slow (classes, caches, connections) and say nothing. */
  static final int WARM_UP_ANSWERS = 5;

  /** What an endpoint counts as without a latency, and what an old latency fades to. */
  private static final double UNSEEN_NANOS = 1e6;

  /** After this long without a sample, an old latency has lost 59 % of its weight. */
  private static final double DECAY_NANOS = 6e9;

  /** Of what was known, when an answer took longer: two or three of them are believed. */
  private static final double KEPT_WHEN_SLOWER = 0.5;

  /** The same when it took less, at most: a pause of the collector is forgiven as soon. */
  private static final double KEPT_WHEN_FASTER = 0.5;

  /** What a new endpoint gets of its share at first. */
  private static final double LEAST_SHARE = 0.1;

  private static final int IN_FLIGHT_BITS = 24;
  private static final long IN_FLIGHT = (1L << IN_FLIGHT_BITS) - 1;

  /** Times are kept in steps of 2^20 ns, about a millisecond. */
  private static final int STEP_BITS = 20;

  /** Without a sample for this long, about a tenth of a second, while answers are awaited. */
  private static final int SILENT_STEPS = 100;

  /** How much older a quarter of the age gets with each step. */
  private static final double QUARTER_AGE_PER_STEP = (1 << STEP_BITS) / DECAY_NANOS / 4;

  /** How many exchanges were given to it, and in the lower bits how many of them are in flight. */
  private final AtomicLong exchanges = new AtomicLong();

  private final AtomicInteger answers = new AtomicInteger();

  /** In nanoseconds as a float in the upper half, 0 when unknown; when it was, below. */
  private final AtomicLong latency = new AtomicLong();

  /** As the spec that was published last says. */
  private volatile int weight = 1;

  private final long slowStartNanos;
  private volatile long joinedNanos;

  /** Not volatile: who sees it late gives the endpoint a part of its share once more. */
  private boolean isNew;

  private final Outcomes outcomes = new Outcomes();
  private volatile boolean ejected;
  private volatile boolean down;
  private volatile boolean retired;

  /** Of an endpoint that gets its whole share at once. */
  EndpointState() {
    this(0, false, Duration.ZERO);
  }

  /**
   * @param joinedNanos now
   * @param joins whether there were others before it, so that it can be spared
   * @param slowStart in which its share grows then
   */
  EndpointState(long joinedNanos, boolean joins, Duration slowStart) {
    this.joinedNanos = joinedNanos;
    this.slowStartNanos = slowStart.toNanos();
    this.isNew = joins && slowStart.isPositive();
  }

  /** Whether it takes a request that it is chosen for; if it is new, sometimes. */
  boolean takes(long nowNanos) {
    return !isNew || takesAsNew(nowNanos);
  }

  private boolean takesAsNew(long nowNanos) {
    long age = nowNanos - joinedNanos;
    if (age >= slowStartNanos) {
      isNew = false;
      return true;
    }
    double share = Math.max(LEAST_SHARE, (double) age / slowStartNanos);
    return ThreadLocalRandom.current().nextDouble() < share;
  }

  /** How its exchanges ended. */
  public Outcomes outcomes() {
    return outcomes;
  }

  /** Whether it is given requests. */
  public boolean serves() {
    return !ejected && !down;
  }

  /** Whether checks say that it is not well, or have not said yet that it is. */
  public boolean isDown() {
    return down;
  }

  /** Checks say so; see {@link Cluster#review}. */
  public void fall() {
    down = true;
  }

  /** Checks say that it is well; it gets few requests at first. */
  public void rise(long nowNanos) {
    startSlowly(nowNanos);
    down = false;
  }

  /** It gets no requests, as long as there are others; see {@link Cluster#review}. */
  public void eject() {
    ejected = true;
  }

  /** It gets requests again, few at first. */
  public void readmit(long nowNanos) {
    outcomes.forgive();
    startSlowly(nowNanos);
    ejected = false;
  }

  private void startSlowly(long nowNanos) {
    joinedNanos = nowNanos;
    isNew = slowStartNanos > 0;
  }

  int weight() {
    return weight;
  }

  void weight(int now) {
    weight = now;
  }

  /** An exchange was given to the endpoint; {@link #finished} must follow once. */
  public void started() {
    exchanges.addAndGet((1L << IN_FLIGHT_BITS) + 1);
  }

  /**
   * The same, unless the endpoint is at work on so many already.
   *
   * @param limit 0 for none
   * @return whether it was given
   */
  public boolean tryStart(int limit) {
    if (limit == 0) {
      started();
      return true;
    }
    while (true) {
      long before = exchanges.get();
      if ((before & IN_FLIGHT) >= limit) {
        return false;
      }
      if (exchanges.compareAndSet(before, before + (1L << IN_FLIGHT_BITS) + 1)) {
        return true;
      }
    }
  }

  /** The exchange was not given to the endpoint after all. */
  public void takeBack() {
    exchanges.addAndGet(-(1L << IN_FLIGHT_BITS) - 1);
  }

  /** The exchange ended, in whatever way. */
  public void finished() {
    exchanges.decrementAndGet();
  }

  /**
   * Takes a sample of the time to the first byte of a response, as a peak-sensitive moving average:
   * slower answers count at once, faster ones by and by. A lost update between two threads is
   * harmless.
   */
  public void observe(long nanos, long nowNanos) {
    if (answers.get() < WARM_UP_ANSWERS && answers.incrementAndGet() <= WARM_UP_ANSWERS) {
      return;
    }
    long old = latency.getOpaque();
    double next = nanos;
    if (old != 0) {
      double fading = fading(old, nowNanos);
      double decayed = decayed(old, fading);
      double kept = nanos > decayed ? KEPT_WHEN_SLOWER : Math.min(fading, KEPT_WHEN_FASTER);
      next = decayed * kept + nanos * (1 - kept);
    }
    latency.setOpaque(packed(next, nowNanos));
  }

  /**
   * The same of an answer that says that it failed: that it came fast is no reason to send it more.
   */
  public void observeError(long nanos, long nowNanos) {
    if (nanos > faded(latency.getOpaque(), nowNanos)) {
      observe(nanos, nowNanos);
    }
  }

  /**
   * How long it takes to answer, in nanoseconds, as far as is known. What it was fades, but not
   * while answers are awaited: who says nothing is as slow as it has been silent, else a task that
   * froze would look faster than those that answer.
   */
  double latencyNanos(long nowNanos) {
    long known = latency.getOpaque();
    double nanos = faded(known, nowNanos);
    int silent = known == 0 ? 0 : steps(known, nowNanos);
    return silent > SILENT_STEPS && awaited() > 0
        ? Math.max(nanos, (double) silent * (1 << STEP_BITS))
        : nanos;
  }

  private static double faded(long known, long nowNanos) {
    return known == 0 ? UNSEEN_NANOS : decayed(known, fading(known, nowNanos));
  }

  /** Whether it was asked, with so many in flight now, and has never answered yet. */
  boolean isUnproven(int inFlight) {
    return inFlight > 0 && answers.get() == 0;
  }

  /** How many exchanges wait for its answer to begin. */
  public int awaited() {
    return outcomes.awaited(picks());
  }

  public int inFlight() {
    return (int) (exchanges.get() & IN_FLIGHT);
  }

  /** How many exchanges were given to the endpoint in all. */
  public long picks() {
    return exchanges.get() >>> IN_FLIGHT_BITS;
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
  private static double decayed(long known, double fading) {
    double nanos = Float.intBitsToFloat((int) (known >>> 32));
    return UNSEEN_NANOS + (nanos - UNSEEN_NANOS) * fading;
  }

  // How much of its weight a sample has kept, from 1 to 0: close to e^-age, at a tenth of its
  // price.
  private static double fading(long known, long nowNanos) {
    double root = 1 / (1 + steps(known, nowNanos) * QUARTER_AGE_PER_STEP);
    double square = root * root;
    return square * square;
  }

  private static int steps(long known, long nowNanos) {
    return Math.max(0, (int) (nowNanos >> STEP_BITS) - (int) known);
  }

  private static long packed(double nanos, long atNanos) {
    long bits = Float.floatToRawIntBits((float) Math.max(1, nanos));
    return bits << 32 | (atNanos >> STEP_BITS & 0xffff_ffffL);
  }
}
