package dev.fairlead.acme.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for a thread gets one, or hears that none comes back. */
class StorageThreadsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final StorageThreads threads = new StorageThreads("/share", 2);
  private final CountDownLatch back = new CountDownLatch(1);

  @AfterEach
  void close() {
    back.countDown();
    threads.close();
  }

  @Test
  void aThousandCallersShareTwoThreads() throws Exception {
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    List<FutureTask<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      calls.add(
          inBackground(
              LONG,
              turn -> {
                used.add(Thread.currentThread());
                return number;
              }));
    }
    List<Integer> results = new ArrayList<>();
    for (FutureTask<Integer> call : calls) {
      results.add(call.get(20, SECONDS));
    }
    assertThat(results).isEqualTo(IntStream.range(0, 1000).boxed().toList());
    assertThat(used).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void whoWaitsForAThreadHearsAtOnceThatTheShareHangs() {
    AtomicInteger begun = new AtomicInteger();
    IoCall<Integer> hangs =
        turn -> {
          begun.incrementAndGet();
          awaitBack();
          return 1;
        };
    FutureTask<Integer> _ = inBackground(LONG, hangs);
    FutureTask<Integer> _ = inBackground(Duration.ofSeconds(1), hangs);
    await().until(() -> begun.get() == 2);

    FutureTask<Integer> waiting = inBackground(LONG, turn -> 2);
    assertThatThrownBy(() -> waiting.get(60, SECONDS)).hasMessageContaining("no answer within 20s");
    assertThat(begun).hasValue(2);
  }

  @Test
  void callsAreTakenAgainAsSoonAsOneComesBack() throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> threads.call(SHORT, turn -> awaitBack(), late -> {}))
          .isInstanceOf(StorageException.class);
    }
    assertThatThrownBy(() -> threads.call(LONG, turn -> 1, late -> {}))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "storage /share: no answer within 20s (expected: a share whose server is reachable)");

    back.countDown();
    await().ignoreExceptions().until(() -> threads.call(LONG, turn -> 2, late -> {}) == 2);
  }

  @Test
  void theEndIsWhenTheLastCallCameBack() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Integer> _ =
        inBackground(
            LONG,
            turn -> {
              begun.countDown();
              awaitBack();
              return 1;
            });
    begun.await();
    threads.close();
    assertThat(threads.awaitEnd(SHORT)).isFalse();

    back.countDown();
    assertThat(threads.awaitEnd(LONG)).isTrue();
  }

  private FutureTask<Integer> inBackground(Duration limit, IoCall<Integer> call) {
    FutureTask<Integer> task = new FutureTask<>(() -> threads.call(limit, call, late -> {}));
    Thread.ofVirtual().start(task);
    return task;
  }

  private boolean awaitBack() {
    try {
      back.await();
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError("storage threads are never interrupted", e);
    }
  }

  @Test
  void whatIsGivenBackAfterTheEndIsGivenBack() {
    threads.close();
    CountDownLatch run = new CountDownLatch(1);
    threads.execute(run::countDown);
    await().until(() -> run.getCount() == 0);
  }
}
