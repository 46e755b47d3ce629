package dev.fairlead.acme.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few threads that touch the share. A call into a hard-mounted share whose server is gone never
 * returns and cannot be interrupted, so callers wait here for a limited time and leave the thread
 * behind. Platform threads, because such a call would pin a virtual thread's carrier; daemons,
 * because they must not keep the process alive; never interrupted, because an interrupt closes the
 * channel it meets, and with a lock file's channel goes the lock.
 */
final class StorageThreads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StorageThreads.class);

  private final ThreadPoolExecutor threads;
  private final String place;

  /** Guards what is below. A thousand callers may wait at a start: each is woken once. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition freeOrStalled = lock.newCondition();
  private int free;

  /** A call was given up and none has returned since. */
  private boolean stalled;

  StorageThreads(String place, int count) {
    this.place = place;
    this.free = count;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("storage-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs a call and waits for it, with the limit counted from its start. Waits for a free thread as
   * long as calls come back.
   *
   * @param late takes what a call returned that nobody waited for any more
   * @throws StorageException when it took longer than {@code limit}, or failed
   */
  <T> T call(Duration limit, IoCall<T> call, Consumer<T> late)
      throws StorageException, InterruptedException, ExecutionException {
    awaitThread(limit);
    IoTurn turn = new IoTurn();
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(call, turn, result, late));
    } catch (RejectedExecutionException e) {
      giveBack();
      throw new StorageException("storage %s: is closed".formatted(place), e);
    }
    try {
      return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      turn.abandon();
      if (result.completeExceptionally(e)) {
        stall();
        throw hangs(limit);
      }
      return result.get();
    } catch (InterruptedException e) {
      turn.abandon();
      if (!result.completeExceptionally(e) && !result.isCompletedExceptionally()) {
        late.accept(result.resultNow());
      }
      throw e;
    }
  }

  /**
   * Runs an action when a thread is free; nobody waits for it, and a failure changes nothing. After
   * {@link #close} it runs as well: what is given back then would be missed until it lapses.
   */
  void execute(IoAction action) {
    Runnable safely =
        () -> {
          try {
            action.run();
          } catch (IOException e) {
            LOG.debug("storage {}", place, e);
          }
        };
    try {
      threads.execute(safely);
    } catch (RejectedExecutionException e) {
      Thread.ofPlatform().daemon().name("storage-late").start(safely);
    }
  }

  private <T> void run(IoCall<T> call, IoTurn turn, CompletableFuture<T> result, Consumer<T> late) {
    try {
      T value = call.run(turn);
      if (!result.complete(value)) {
        late.accept(value);
      }
    } catch (Throwable e) { // whatever it is, somebody waits for it
      result.completeExceptionally(e);
    } finally {
      giveBack();
    }
  }

  private void awaitThread(Duration limit) throws StorageException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (free == 0) {
        if (stalled) {
          throw hangs(limit);
        }
        freeOrStalled.await();
      }
      free--;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack() {
    lock.lock();
    try {
      free++;
      stalled = false;
      freeOrStalled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void stall() {
    lock.lock();
    try {
      stalled = true;
      freeOrStalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private StorageException hangs(Duration limit) {
    return new StorageException(
        "storage %s: no answer within %s (expected: a share whose server is reachable)"
            .formatted(place, limit.toString().substring(2).toLowerCase(Locale.ROOT)));
  }

  /** Takes no more calls; does not wait for those that hang. */
  @Override
  public void close() {
    threads.shutdown();
  }

  /**
   * Waits after {@link #close} until what had begun has ended.
   *
   * @return whether it has, within {@code limit}
   */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    return threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
