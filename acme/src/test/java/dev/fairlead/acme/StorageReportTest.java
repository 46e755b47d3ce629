package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageCheck;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the storage after a start. */
class StorageReportTest {

  @TempDir Path directory;

  @Test
  void whatAMountCannotDoIsSaidOnceAsSoonAsItIsThere() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    StorageAccess access =
        path -> {
          if (looks.incrementAndGet() <= 3) {
            throw new IOException("Input/output error");
          }
          if (path.endsWith("lock") && path.toString().contains(".check-")) {
            throw new IOException("No locks available");
          }
        };
    try (LogCapture log = LogCapture.of(StorageReport.class);
        Storage storage =
            new Storage(new StorageSettings(directory, Duration.ofSeconds(20)), access)) {
      CompletableFuture<Void> start = new CompletableFuture<>();
      Thread report =
          Thread.ofVirtual()
              .start(
                  new StorageReport(
                      new StorageCheck(storage, Clock.systemUTC()), start, Duration.ofMillis(20)));
      await().until(() -> report.getState() == Thread.State.TIMED_WAITING);
      assertThat(looks).as("before the start is over").hasValue(0);

      start.complete(null);
      report.join();
      assertThat(looks).hasValueGreaterThan(3);
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("has no fcntl locks (No locks available)");
    }
  }
}
