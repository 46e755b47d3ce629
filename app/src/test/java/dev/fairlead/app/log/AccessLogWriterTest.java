package dev.fairlead.app.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AccessLogWriterTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  @Test
  void eachExchangeIsALineInTheOrderOfItsThread() throws Exception {
    int threads = 4;
    int each = 1500;
    var bytes = new ByteArrayOutputStream();
    try (var log = new AccessLogWriter(stream(bytes), CLOCK, new TextLines())) {
      List<Thread> loops = new ArrayList<>();
      for (int loop = 0; loop < threads; loop++) {
        String path = "/" + loop + "/";
        loops.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < each; i++) {
                        log.ended(Entries.of(path + i));
                      }
                    }));
      }
      for (Thread loop : loops) {
        loop.join();
      }
    }
    List<String> lines = bytes.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(threads * each);
    for (int loop = 0; loop < threads; loop++) {
      String path = "https://shop.example.com/" + loop + "/";
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        expected.add(path + i);
      }
      assertThat(lines.stream().filter(line -> line.contains(path)).map(line -> url(line)).toList())
          .isEqualTo(expected);
    }
  }

  @Test
  void aLineIsThereSoonAfterALongSilence() {
    var bytes = new ByteArrayOutputStream();
    try (var log = new AccessLogWriter(stream(bytes), CLOCK, new TextLines())) {
      for (int i = 0; i < 5; i++) {
        String path = "/" + i;
        await().until(() -> threadIsParked());
        log.ended(Entries.of(path));
        await().until(() -> bytes.toString(UTF_8).contains(path + " "));
      }
    }
  }

  @Test
  void manyLinesAreWrittenAtOnce() {
    AtomicInteger writes = new AtomicInteger();
    var bytes =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] b, int off, int len) {
            writes.incrementAndGet();
            super.write(b, off, len);
          }
        };
    try (var log =
        new AccessLogWriter(new PrintStream(bytes, false, UTF_8), CLOCK, new TextLines())) {
      for (int i = 0; i < 5000; i++) {
        log.ended(Entries.of("/"));
      }
    }
    assertThat(bytes.toString(UTF_8).lines()).hasSize(5000);
    assertThat(writes.get()).isLessThan(2500);
  }

  @Test
  void anOutputThatHangsHoldsNobodyUpAndWhatIsLostIsCounted() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    var bytes = new ByteArrayOutputStream();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes.write(b);
          }

          @Override
          public void write(byte[] b, int off, int len) {
            hanging.countDown();
            try {
              open.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            bytes.write(b, off, len);
          }
        };
    try (var log = new AccessLogWriter(stream(slow), CLOCK, new TextLines())) {
      log.ended(Entries.of("/first"));
      hanging.await();
      for (int i = 0; i < 10_000; i++) {
        log.ended(Entries.of("/more"));
      }
      open.countDown();
      await().until(() -> bytes.toString(UTF_8).lines().count() == 1 + 8192);
      log.ended(Entries.of("/last"));
      await().until(() -> bytes.toString(UTF_8).contains("/last"));
    }
  }

  private static PrintStream stream(OutputStream bytes) {
    return new PrintStream(bytes, false, UTF_8);
  }

  private static String url(String line) {
    return line.replaceFirst(".*(https://\\S+) .*", "$1").split(" ", 2)[0];
  }

  private static boolean threadIsParked() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("access-log"))
        .anyMatch(thread -> thread.getState() == Thread.State.WAITING);
  }
}
