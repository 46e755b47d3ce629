package dev.fairlead.proxy.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {

  private static final long LENGTH_MILLIS = 8000;

  /** An eighth more, and what this test's clock is coarse by. */
  private static final long LATEST_MILLIS = 9200;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> expired = new ArrayList<>();
  private final DeadlineQueue deadlines =
      new DeadlineQueue(channel.eventLoop(), Duration.ofMillis(LENGTH_MILLIS));

  private final class Named extends Deadline {

    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void expired() {
      expired.add(name);
    }
  }

  @BeforeEach
  void stopTime() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void runsOutNeverEarlyAndAnEighthLateAtMost() {
    pass(300);
    deadlines.set(new Named("a"));

    pass(LENGTH_MILLIS - 1);
    assertThat(expired).isEmpty();
    pass(LATEST_MILLIS - LENGTH_MILLIS + 1);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void beginsAnewWhenTouched() {
    Named a = new Named("a");
    deadlines.set(a);
    deadlines.set(new Named("b"));
    for (int i = 0; i < 10; i++) {
      pass(LENGTH_MILLIS / 2);
      a.touch();
    }
    assertThat(expired).containsExactly("b");
    pass(LATEST_MILLIS);
    assertThat(expired).containsExactly("b", "a");
    assertThat(a.isSet()).isFalse();
  }

  @Test
  void doesNotRunOutOnceCancelled() {
    Named a = new Named("a");
    Named b = new Named("b");
    Named c = new Named("c");
    deadlines.set(a);
    deadlines.set(b);
    deadlines.set(c);
    b.cancel();
    b.cancel();
    b.touch();
    a.cancel();
    deadlines.set(a);
    pass(2 * LATEST_MILLIS);

    assertThat(expired).containsExactly("c", "a");
  }

  @Test
  void oneThatRunsOutMayCancelAndSetOthers() {
    Named victim = new Named("victim");
    Named later = new Named("later");
    deadlines.set(
        new Deadline() {
          @Override
          protected void expired() {
            victim.cancel();
            deadlines.set(later);
          }
        });
    deadlines.set(victim);
    pass(LATEST_MILLIS);
    assertThat(expired).isEmpty();
    pass(LATEST_MILLIS);
    assertThat(expired).containsExactly("later");
  }

  @Test
  void restsWhileThereIsNone() {
    deadlines.set(new Named("a"));
    pass(LATEST_MILLIS);

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i += 100) {
      channel.advanceTimeBy(Math.min(100, millis - i), TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }
}
