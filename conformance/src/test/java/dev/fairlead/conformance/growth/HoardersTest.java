package dev.fairlead.conformance.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that let much wait in the proxy, in the memory of production: others are answered all the
 * while, and nothing that asked for memory had none.
 */
class HoardersTest {

  private static final int STREAMS = 100;
  private static final int UPLOAD_STREAMS = 8;
  private static final int UPLOAD_BYTES = 256 * 1024;

  /** Requests at most, of which each has a number. */
  private static final int IDS = 20_000;

  /** What is done by one connection, and by how many. */
  enum Hoard {
    /** Asks for large answers, and opens no window. */
    ANSWERS_BY_HTTP_2(40) {
      @Override
      AutoCloseable begin(Run run) throws IOException {
        Http2Line line = run.proxy().http2("a.test", 0);
        for (int i = 0; i < STREAMS; i++) {
          line.get("a.test", run.uncertainPath("large"));
        }
        return line.flush();
      }
    },
    /** Sends what nobody takes. */
    UPLOADS_BY_HTTP_2(120) {
      @Override
      AutoCloseable begin(Run run) throws IOException {
        Http2Line line = run.proxy().http2("asleep.test", 0);
        for (int i = 0; i < UPLOAD_STREAMS; i++) {
          String path = run.uncertainPath("asleep");
          line.upload(line.begin(false, Block.request("POST", "asleep.test", path)), UPLOAD_BYTES);
        }
        return line;
      }
    },
    /** Asks for an answer without end, and does not read. */
    ANSWERS_BY_HTTP_1(900) {
      @Override
      AutoCloseable begin(Run run) throws IOException {
        return run.proxy().plain().get("a.test", run.uncertainPath("large"));
      }
    };

    private final int connections;

    Hoard(int connections) {
      this.connections = connections;
    }

    abstract AutoCloseable begin(Run run) throws IOException;
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void whoHoardsKeepsNobodyOut(Hoard hoard) throws Exception {
    List<AutoCloseable> hoarders = new ArrayList<>();
    int visitors = 0;
    try (Apps apps = new Apps();
        Proxy proxy = Proxy.start(folder, "simple", apps.routes(), IDS)) {
      proxy.ask("serve");
      Run run = new Run(proxy.target(), apps.signals(), 0);
      long most = 0;
      for (int i = 1; i <= hoard.connections; i++) {
        try {
          hoarders.add(hoard.begin(run));
        } catch (IOException closed) {
          // By the proxy, which is what saves the others.
        }
        if (i % Math.ceilDiv(hoard.connections, 40) == 0) {
          visit(run);
          visitors++;
          most = Math.max(most, proxy.figures().direct());
        }
      }
      System.out.printf(
          "hoarders, %s: %d of %d connections, %d of %d visitors answered; up to %,d KiB direct%n",
          hoard, hoarders.size(), hoard.connections, visitors, visitors, most >> 10);
      assertThat(proxy.log())
          .contains("memory for network buffers is scarce")
          .doesNotContain("OutOfDirectMemory", "OutOfMemory", " ERROR ");

      for (AutoCloseable hoarder : hoarders) {
        hoarder.close();
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(proxy.number("connections")).isZero());
      visit(run);
    }
  }

  private static void visit(Run run) throws IOException {
    try (Line visitor = run.proxy().secureAnew("a.test")) {
      visitor.get("a.test", run.uncertainPath("ok")).expect(200, App.BODY);
    }
  }
}
