package dev.fairlead.conformance.fuzzing;

import dev.fairlead.conformance.fuzzing.FuzzRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The long run: {@code ./dev fuzz [TARGET] [DURATION]}, all targets in turn or one. What reached
 * something new is kept for the next run, what is found becomes a seed. Ends with 1 after a
 * finding, and with 64 when it is called in another way.
 */
final class Fuzz {

  private static final Duration USUAL = Duration.ofMinutes(10);
  private static final int USAGE = 64;

  private Fuzz() {}

  /**
   * Runs, says what came of it, and ends the JVM.
   *
   * @param arguments the module's folder, the folder for the corpus, then those of the user
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Seeds seeds = new Seeds(Path.of(arguments[0]).resolve("src/test/resources/fuzz"));
    Path corpora = Path.of(arguments[1]);
    List<Target> targets = new ArrayList<>();
    Duration time = USUAL;
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      List<Target> named = named(argument);
      if (!named.isEmpty()) {
        targets.addAll(named);
      } else {
        time = duration(argument);
      }
    }
    List<Target> all = targets.isEmpty() ? List.of(Target.values()) : targets;
    System.exit(run(all, time.dividedBy(all.size()), seeds, corpora) ? 0 : 1);
  }

  private static List<Target> named(String name) {
    return Stream.of(Target.values()).filter(target -> target.toString().equals(name)).toList();
  }

  /** Such as 90s, 10m or 1h30m. */
  private static Duration duration(String text) {
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException e) {
      System.err.printf(
          "dev fuzz: %s (expected: a duration such as 10m, or one of %s)%n",
          text, String.join(", ", Stream.of(Target.values()).map(Target::toString).toList()));
      System.exit(USAGE);
      throw e;
    }
  }

  private static boolean run(List<Target> targets, Duration each, Seeds seeds, Path corpora)
      throws IOException, InterruptedException {
    long executions = 0;
    int findings = 0;
    for (Target target : targets) {
      System.out.printf("%-18s%4d s  ", target, Math.max(1, each.toSeconds()));
      System.out.flush();
      Outcome outcome =
          new FuzzRun(target, seeds, corpora.resolve(target.toString()), seeds.folder(target))
              .run(each);
      System.out.printf("%,14d executions%n", outcome.executions());
      for (Path finding : outcome.findings()) {
        System.out.printf(
            "%s%nFound: %s. To see it again: ./dev unit -pl conformance -am -Dtest=SeedsTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false%n",
            outcome.report(), finding);
      }
      executions += outcome.executions();
      findings += outcome.findings().size();
    }
    System.out.printf(
        "fuzz: %d executions of %d targets, %d findings%n", executions, targets.size(), findings);
    return findings == 0;
  }
}
