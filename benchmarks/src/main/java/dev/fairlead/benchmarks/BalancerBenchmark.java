package dev.fairlead.benchmarks;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a pick of an endpoint takes, alone and with what an exchange counts at its endpoint. All
 * threads pick from one cluster, as event loops do, and its endpoints are at work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class BalancerBenchmark {

  private static final int SERVICE = 7;

  /** More than the first ones, which are not believed. */
  private static final int SAMPLES = 10;

  @Param({"ROUND_ROBIN", "LEAST_REQUESTS", "P2C", "HASH"})
  private Balance balance;

  @Param({"3", "50"})
  private int endpoints;

  private static final int KEY = 42;

  /** An exchange has looked at the clock before it asks for an endpoint. */
  private final long now = System.nanoTime();

  private Cluster cluster;

  @Setup(Level.Trial)
  public void setUp() {
    SnapshotPublisher publisher =
        new SnapshotPublisher(System::nanoTime, new StickyTokens(new byte[] {1}));
    publisher.publish(
        new RoutingSpec(
            List.of(Services.route(SERVICE, false, "service.example.com", "/")),
            List.of(Services.cluster(SERVICE, balance, endpoints))));
    Route route =
        Expect.present(publisher.current()).routes().find("service.example.com", "/orders");
    cluster = Expect.present(route).cluster();
    switch (balance) {
      case ROUND_ROBIN -> checkThatAllTakeTurns();
      case P2C -> checkThatTheSlowOneIsSpared();
      case LEAST_REQUESTS -> checkThatTheBusyOneIsSpared();
      case HASH -> checkThatAKeyStaysWhereItIs();
    }
    putToWork();
  }

  @Benchmark
  @Threads(1)
  public Endpoint byOneThread() {
    return pick();
  }

  @Benchmark
  @Threads(2)
  public Endpoint byTwoThreads() {
    return pick();
  }

  @Benchmark
  @Threads(2)
  public Endpoint countedByTwoThreads() {
    Endpoint picked = pick();
    picked.state().started();
    picked.state().finished();
    return picked;
  }

  private Endpoint pick() {
    return pick(KEY);
  }

  private Endpoint pick(int key) {
    Endpoint picked = Expect.present(cluster.pick(List.of(), now, key));
    // Only endpoints of this cluster have this port and prefix.
    if (picked.spec().port() != Services.PORT || !picked.spec().address().startsWith("10.0.7.")) {
      throw new AssertionError("picked: " + picked + " (expected: one of service " + SERVICE + ")");
    }
    return picked;
  }

  // Some requests at each, and answers of some milliseconds: what is compared differs.
  private void putToWork() {
    Random random = new Random(20261123);
    for (Endpoint endpoint : cluster.endpoints()) {
      for (int i = random.nextInt(8); i > 0; i--) {
        endpoint.state().started();
      }
      for (int i = 0; i < SAMPLES; i++) {
        endpoint.state().observe(random.nextLong(1_000_000, 20_000_000), now);
      }
    }
  }

  private void checkThatAllTakeTurns() {
    Map<Endpoint, Integer> picks = new HashMap<>();
    for (int i = 0; i < 2 * endpoints; i++) {
      picks.merge(pick(), 1, Integer::sum);
    }
    Expect.equal(picks.size(), endpoints);
    picks.values().forEach(count -> Expect.equal(count, 2));
  }

  private void checkThatTheBusyOneIsSpared() {
    Endpoint busy = cluster.endpoints().getFirst();
    busy.state().started();
    for (int i = 0; i < 100 * endpoints; i++) {
      if (pick().equals(busy)) {
        throw new AssertionError("picked: " + busy + " (expected: one without requests)");
      }
    }
    busy.state().finished();
  }

  private void checkThatAKeyStaysWhereItIs() {
    Map<Endpoint, Integer> picks = new HashMap<>();
    for (int key = 0; key < 100 * endpoints; key++) {
      Endpoint picked = pick(key);
      Expect.equal(pick(key), picked);
      picks.merge(picked, 1, Integer::sum);
    }
    Expect.equal(picks.size(), endpoints);
  }

  // Of two different ones the slow one is never the better.
  private void checkThatTheSlowOneIsSpared() {
    Endpoint slow = cluster.endpoints().getFirst();
    for (int i = 0; i < SAMPLES; i++) {
      slow.state().observe(Duration.ofSeconds(1).toNanos(), now);
    }
    for (int i = 0; i < 100 * endpoints; i++) {
      if (pick().equals(slow)) {
        throw new AssertionError("picked: " + slow + " (expected: a faster one)");
      }
    }
  }
}
