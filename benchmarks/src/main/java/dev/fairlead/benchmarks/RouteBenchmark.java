package dev.fairlead.benchmarks;

import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.route.Route;
import dev.fairlead.proxy.route.RouteTable;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes from a request's host, then its path, to the route. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class RouteBenchmark {

  @Param({"10", "1000", "100000"})
  private int routes;

  private Traffic.Request[] requests;
  private byte[][] hosts;
  private RouteTable table;
  private int next;

  @Setup(Level.Trial)
  public void setUp() {
    Traffic traffic = Traffic.over(routes);
    SnapshotPublisher publisher =
        new SnapshotPublisher(System::nanoTime, new StickyTokens(new byte[] {1}));
    publisher.publish(traffic.spec());
    table = Expect.present(publisher.current()).routes();
    requests = traffic.requests().toArray(Traffic.Request[]::new);
    hosts =
        traffic.requests().stream()
            .map(request -> Heads.bytes(request.host()))
            .toArray(byte[][]::new);
  }

  /** The look-up alone, of a host that was asked for before: its text knows its own hash. */
  @Benchmark
  public @Nullable Route find() {
    Traffic.Request request = requests[next++ & Traffic.REQUESTS - 1];
    return find(request.host(), request);
  }

  /** The same with the text of the host made first, as it is for each connection. */
  @Benchmark
  public @Nullable Route findNewHost() {
    int at = next++ & Traffic.REQUESTS - 1;
    return find(new String(hosts[at], StandardCharsets.ISO_8859_1), requests[at]);
  }

  private @Nullable Route find(String host, Traffic.Request request) {
    Route found = table.find(host, request.path());
    Expect.equal(found == null ? null : found.spec(), request.expected());
    return found;
  }
}
