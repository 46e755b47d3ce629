package dev.fairlead.acme;

import dev.fairlead.acme.store.CheckResult;
import dev.fairlead.acme.store.StorageCheck;
import dev.fairlead.acme.store.StorageException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once, after the start, whether the storage does what is asked of it: its locks above all.
 * While it cannot be used it is tried again and again. Runs on a virtual thread of its own.
 */
final class StorageReport implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(StorageReport.class);

  /** Where nothing is wanted there is no first load to wait for. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final StorageCheck check;
  private final Future<?> start;
  private final Duration poll;

  /**
   * Makes a report that does nothing yet.
   *
   * @param start what it waits for: a start has better to do
   */
  StorageReport(StorageCheck check, Future<?> start, Duration poll) {
    this.check = check;
    this.start = start;
    this.poll = poll;
  }

  @Override
  public void run() {
    try {
      awaitStart();
      while (!report()) {
        Thread.sleep(poll);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private boolean report() throws InterruptedException {
    try {
      for (CheckResult result : check.run()) {
        if (result.level() == CheckResult.Level.OK) {
          LOG.info("{}", result.sentence());
        } else {
          LOG.warn("{}", result.sentence());
        }
      }
      return true;
    } catch (StorageException e) {
      return false; // whoever needs it says what is wrong with it
    }
  }

  private void awaitStart() throws InterruptedException {
    try {
      start.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      // Then it is looked at beside the start.
    }
  }
}
