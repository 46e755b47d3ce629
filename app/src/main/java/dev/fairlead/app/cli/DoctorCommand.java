package dev.fairlead.app.cli;

import dev.fairlead.acme.store.CheckResult;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.acme.store.StorageCheck;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.LogSettings;
import dev.fairlead.config.bootstrap.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code fairlead doctor}: whether what the proxy needs does what it should, in sentences. Beside a
 * proxy that runs, or before there is one.
 */
@Command(
    name = "doctor",
    description =
        "Try the storage: its mount, locks, renames, fsync, owner and clock; exit code 0 or 1.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    // The log is written to the standard output; what it would say is said here.
    LogSetup.apply(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.ERROR, false));
    Optional<Settings> settings =
        SettingsFlags.chosen(command).load(command.commandLine().getErr());
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    List<CheckResult> results = storage(settings.get());
    PrintWriter out = command.commandLine().getOut();
    results.forEach(result -> out.println(word(result.level()) + result.sentence()));
    return results.stream().anyMatch(DoctorCommand::isProblem) ? ExitCode.NO : ExitCode.OK;
  }

  private static List<CheckResult> storage(Settings settings) throws InterruptedException {
    try (Storage storage = new Storage(settings.storage(), StorageAccess.DIRECT)) {
      return new StorageCheck(storage, Clock.systemUTC()).run();
    } catch (StorageException e) {
      return List.of(new CheckResult(CheckResult.Level.PROBLEM, String.valueOf(e.getMessage())));
    }
  }

  private static boolean isProblem(CheckResult result) {
    return result.level() == CheckResult.Level.PROBLEM;
  }

  private static String word(CheckResult.Level level) {
    return "%-9s".formatted(level.name().toLowerCase(Locale.ROOT));
  }
}
