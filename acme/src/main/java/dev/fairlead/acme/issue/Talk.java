package dev.fairlead.acme.issue;

import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A conversation with a CA, which ends after a while whatever the CA does. */
final class Talk {

  private Talk() {}

  /**
   * Has it on a virtual thread of its own: acme4j's time limit ends with the head of an answer, and
   * a body that never ends needs this one.
   *
   * @param limit of all of it
   * @param directory of the CA, for what is said of it
   * @throws IssueException what went wrong, in plain words
   */
  static <T> T within(Duration limit, URI directory, Callable<T> talk)
      throws IssueException, StorageException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(talk);
    Thread worker = Thread.ofVirtual().name("ca-" + directory.getHost()).start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IssueException("the CA did not finish within %d s".formatted(limit.toSeconds()));
    } catch (ExecutionException e) {
      throw failure(directory, Optional.ofNullable(e.getCause()).orElse(e));
    } finally {
      worker.interrupt();
    }
  }

  private static IssueException failure(URI directory, Throwable cause)
      throws IssueException, StorageException, InterruptedException {
    return switch (cause) {
      case IssueException known -> known;
      case StorageException storage -> throw storage;
      case InterruptedException interrupted -> throw interrupted;
      case Error error -> throw error;
      case Exception other -> Plain.failure(directory, Challenge.HTTP_01, other);
      default -> throw new IllegalStateException(cause);
    };
  }
}
