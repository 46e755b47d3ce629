package dev.fairlead.benchmarks.footprint;

import dev.fairlead.training.Bed;
import dev.fairlead.training.Swarm;
import dev.fairlead.training.Visitor;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * A proxy of a bed, started as an operator would.
 *
 * @param firstAnswer from exec to the last byte of the first 200, by TLS with a stored certificate
 */
record Running(Process process, Proc proc, Duration firstAnswer) implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int STOP_SECONDS = 20;

  static Running start(Bed bed, Visitor visitor, List<String> java)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = bed.process(java, "run").start();
    String host = Swarm.host(7);
    try (SSLSocket socket = connect(visitor, process, host, start)) {
      int status = Visitor.get(socket, host, "GET", 0);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (status != 200) {
        throw new IOException("first answer: " + status + " (expected: 200)");
      }
      return new Running(process, new Proc(process.pid()), took);
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static SSLSocket connect(Visitor visitor, Process process, String host, long start)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return visitor.connect(host);
      } catch (ConnectException notYet) {
        if (!process.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
          throw notYet;
        }
        Thread.sleep(2);
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the proxy did not end within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
