package dev.fairlead.conformance.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.fuzzing.FuzzRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A short run of each target, as many at a time as there are cores; {@code ./dev fuzz} is the long
 * one.
 */
class FuzzTest {

  private static final Duration TIME = Duration.ofSeconds(3);

  private static final Seeds SEEDS = Seeds.ofModule();

  // Outside of the folder that is deleted: a finding is to be kept.
  private static final Path FOUND = Path.of("target", "fuzz-findings").toAbsolutePath();

  private static final Map<Target, Future<Outcome>> RUNS = new EnumMap<>(Target.class);
  private static final ExecutorService CORES =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

  @TempDir static Path folder;

  private static int targets;
  private static int findings;
  private static long executions;

  @BeforeAll
  static void begin() {
    for (Target target : Target.values()) {
      String name = target.toString();
      FuzzRun run = new FuzzRun(target, SEEDS, folder.resolve(name, "corpus"), FOUND.resolve(name));
      RUNS.put(target, CORES.submit(() -> run.run(TIME)));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void nothingIsFound(Target target) throws IOException, InterruptedException, ExecutionException {
    Outcome outcome = Objects.requireNonNull(RUNS.get(target)).get();

    targets++;
    findings += outcome.findings().size();
    executions += outcome.executions();
    assertThat(outcome.findings())
        .as(
            "%s%nTo look at it again: copy it to %s, and run SeedsTest.",
            outcome.findings().isEmpty() ? "" : outcome.report(), SEEDS.folder(target))
        .isEmpty();
    assertThat(outcome.executions())
        .as("executions, the seeds at least")
        .isGreaterThanOrEqualTo(SEEDS.of(target).size());
  }

  @AfterAll
  static void end() {
    CORES.shutdownNow();
    System.out.printf(
        "fuzz: %d executions of %d targets, %d findings%n", executions, targets, findings);
  }
}
