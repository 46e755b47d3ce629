package dev.fairlead.app.cli;

import dev.fairlead.app.log.LogSetup;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the arguments of the process to a command. */
public final class Commands {

  /**
   * Those that are started so often, or have to start so fast, that plain flags are read plainly.
   */
  private static final Set<String> PLAIN = Set.of("run", "health");

  private Commands() {}

  /** Runs the command that the arguments name; returns its exit code. */
  public static int execute(String... arguments) throws InterruptedException {
    List<String> words = arguments.length == 0 ? List.of("run") : List.of(arguments);
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Optional<ChosenSettings> plain =
        PLAIN.contains(words.getFirst())
            ? ChosenSettings.plain(words.subList(1, words.size()))
            : Optional.empty();
    if (plain.isEmpty()) {
      LogSetup.early();
      return FairleadCommand.commandLine(out, err).execute(words.toArray(String[]::new));
    }
    return words.getFirst().equals("run")
        ? Run.untilTheEnd(plain.get(), err)
        : Health.ask(plain.get(), out, err);
  }
}
