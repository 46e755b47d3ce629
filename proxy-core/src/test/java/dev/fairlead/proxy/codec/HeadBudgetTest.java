package dev.fairlead.proxy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeadBudgetTest {

  private static final int LIMIT = 100_000;

  private final AtomicInteger refusals = new AtomicInteger();
  private final HeadBudget budget =
      new HeadBudget(LIMIT, Long.MAX_VALUE, refusals::incrementAndGet);

  @Test
  void smallHeadsAreNeitherCountedNorRefusedHoweverManyThereAre() {
    assertThat(budget.share().take(LIMIT)).isTrue();
    long before = budget.counted();

    for (int i = 0; i < 1000; i++) {
      assertThat(budget.share().take(HeadBudget.SMALL_HEAD)).isTrue();
    }

    assertThat(budget.counted()).isEqualTo(before).isPositive();
    assertThat(refusals).hasValue(0);
  }

  @Test
  void theOneTooManyIsRefusedUntilAnotherIsGivenBack() {
    HeadBudget.Share first = budget.share();
    HeadBudget.Share second = budget.share();
    assertThat(first.take(60_000)).isTrue();
    assertThat(second.take(HeadBudget.SMALL_HEAD)).isTrue();
    long before = budget.counted();

    assertThat(second.take(60_000)).isFalse();
    assertThat(budget.counted()).isEqualTo(before);
    assertThat(refusals).hasValue(1);

    first.give(60_000);
    assertThat(budget.counted()).isZero();
    assertThat(second.take(60_000)).isTrue();
    second.give(60_000 + HeadBudget.SMALL_HEAD);
    assertThat(budget.counted()).isZero();
  }

  @Test
  void whateverIsTakenAndGivenBackByManyThreadsTheCountEndsAtNothing() throws Exception {
    List<Thread> loops = new ArrayList<>();
    AtomicInteger taken = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      Random random = new Random(i);
      loops.add(Thread.ofPlatform().start(() -> taken.addAndGet(takeAndGive(random))));
    }
    for (Thread loop : loops) {
      loop.join();
    }

    assertThat(budget.counted()).isZero();
    assertThat(taken.get()).isPositive();
    assertThat(refusals.get()).isPositive();
  }

  private int takeAndGive(Random random) {
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      HeadBudget.Share share = budget.share();
      int held = 0;
      for (int piece = 0; piece < 3; piece++) {
        int bytes = random.nextInt(30_000);
        if (share.take(bytes)) {
          held += bytes;
          taken++;
        }
      }
      int first = random.nextInt(held + 1);
      share.give(first);
      share.give(held - first);
    }
    return taken;
  }
}
