package dev.fairlead.benchmarks;

import dev.fairlead.proxy.http.RejectedRequest;
import dev.fairlead.proxy.http.RequestRules;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
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
import org.openjdk.jmh.annotations.Warmup;

/** How long the head of a browser's request takes to pass the rules. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class RequestRulesBenchmark {

  /** What is asked for. */
  public enum Path {
    /** As nearly all are: in normal form already. */
    NORMAL("/orders/2026/november", "/orders/2026/november"),
    /** With everything that has to be brought into it. */
    ENCODED("/orders/./2025/../2026/caf%c3%a9%2Epdf", "/orders/2026/caf%C3%A9.pdf");

    private final String sent;
    private final String expected;

    Path(String sent, String expected) {
      this.sent = sent;
      this.expected = expected;
    }
  }

  @Param({"NORMAL", "ENCODED"})
  private Path path;

  private RawRequest request;
  private ClientInfo client;

  @Setup(Level.Trial)
  public void setUp() {
    client = new ClientInfo("192.0.2.7", true, Heads.HOST);
    request =
        new RawRequest(
            RawRequest.Version.HTTP_1_1,
            "GET",
            path.sent + "?page=2&sort=date",
            null,
            Heads.ofBrowser(),
            false);
  }

  @Benchmark
  public RequestHead check() throws RejectedRequest {
    RequestHead head = RequestRules.check(request, client);
    Expect.equal(head.path(), path.expected);
    Expect.equal(head.host(), Heads.HOST);
    return head;
  }
}
