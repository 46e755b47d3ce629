package dev.fairlead.benchmarks;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.snapshot.Snapshot;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to put a spec of 1,000 services with 3 tasks each in force. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class SnapshotBenchmark {

  private static final int SERVICES = 1000;
  private static final int TASKS = 3;
  private static final int UPDATED = 500;

  private RoutingSpec before;
  private RoutingSpec after;
  private SnapshotPublisher running;
  private boolean updated;

  @Setup(Level.Trial)
  public void setUp() {
    List<RouteSpec> routes =
        IntStream.range(0, SERVICES).mapToObj(i -> Services.route(i, false, host(i), "/")).toList();
    List<ClusterSpec> clusters = new ArrayList<>();
    for (int service = 0; service < SERVICES; service++) {
      clusters.add(Services.cluster(service, Balance.P2C, TASKS));
    }
    before = new RoutingSpec(routes, clusters);
    clusters.set(UPDATED, Services.cluster(UPDATED, Balance.P2C, TASKS + 1));
    after = new RoutingSpec(routes, clusters);
    running = new SnapshotPublisher(System::nanoTime, new StickyTokens(new byte[] {1}));
    running.publish(before);
  }

  /** The first spec after a start. */
  @Benchmark
  public Snapshot first() {
    SnapshotPublisher publisher =
        new SnapshotPublisher(System::nanoTime, new StickyTokens(new byte[] {1}));
    publisher.publish(before);
    return check(publisher, TASKS);
  }

  /** One task of one service comes or goes: what a rolling update makes every few seconds. */
  @Benchmark
  public Snapshot oneTaskChanged() {
    updated = !updated;
    Route other = find(running, UPDATED - 1);
    running.publish(updated ? after : before);
    // What did not change stays the same object, and with it its live numbers.
    Expect.equal(find(running, UPDATED - 1).cluster(), other.cluster());
    return check(running, updated ? TASKS + 1 : TASKS);
  }

  private static Snapshot check(SnapshotPublisher publisher, int tasksOfUpdated) {
    Expect.equal(find(publisher, UPDATED).cluster().endpoints().size(), tasksOfUpdated);
    Expect.equal(find(publisher, SERVICES - 1).cluster().endpoints().size(), TASKS);
    return Expect.present(publisher.current());
  }

  private static Route find(SnapshotPublisher publisher, int service) {
    return Expect.present(
        Expect.present(publisher.current()).routes().find(host(service), "/orders"));
  }

  private static String host(int service) {
    return "service-" + service + ".example.com";
  }
}
