package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pebble.PebbleExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that order are killed (SIGKILL) wherever they stand, and others go on with what they
 * began: each name has one order, ever.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledInstanceTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 10);

  /** So many uses of files later at most it is killed: into the middle of the next step. */
  private static final int MOST_USES = 8;

  @TempDir Path directory;
  private KilledOrders orders;

  @BeforeEach
  void answerFromTheShare() {
    orders = new KilledOrders(CA, directory);
  }

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void tenKillsAndNoNameIsOrderedTwice() throws Exception {
    kill(10, 7);
  }

  @Test
  @Tag("long")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void twoHundredKillsAndNoNameIsOrderedTwice() throws Exception {
    kill(200, System.nanoTime());
  }

  @Test
  void whoDiesAtEachStepIsFollowedByWhoGoesOnWithIt() throws Exception {
    List<String> names = new ArrayList<>();
    for (String step : KilledOrders.STEPS) {
      String name = "step%d.fairlead-tests.com".formatted(names.size());
      names.add(name);
      try (KilledProcess process = orders.start(List.of(name))) {
        process.awaitThat(() -> orders.isAt(name, step));
      }
      orders.assertReadable();
    }
    finish(names);
    assertThat(orders.count()).isEqualTo(names.size());
  }

  private void kill(int kills, long seed) throws Exception {
    Random random = new Random(seed);
    List<String> names = new ArrayList<>();
    List<String> open = new ArrayList<>();
    Map<String, Integer> steps = new TreeMap<>();
    for (int i = 0; i < kills; i++) {
      String name = "kill%d.of%d.fairlead-tests.com".formatted(i, kills);
      names.add(name);
      open.add(name);
      String step = KilledOrders.STEPS.get(random.nextInt(KilledOrders.STEPS.size()));
      try (KilledProcess process = orders.start(open)) {
        process.awaitThat(() -> orders.isAt(name, step));
        process.goOn(MOST_USES, random);
      }
      orders.assertReadable();
      steps.merge(orders.step(name), 1, Integer::sum);
      open.removeIf(orders::isStored);
    }
    finish(names);
    System.out.printf("%d kills: the newest name stood at %s%n", kills, steps);
    assertThat(steps.keySet())
        .as("where they were killed: %s", steps)
        .doesNotContain("nothing")
        .containsAnyOf("checked", "ordered", "validating");
    assertThat(orders.count())
        .as("orders after %d kills, seed %d", kills, seed)
        .isEqualTo(names.size());
  }

  private void finish(List<String> names) throws Exception {
    orders.finish(names).close();
    orders.assertReadable();
  }
}
