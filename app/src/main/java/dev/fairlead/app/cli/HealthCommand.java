package dev.fairlead.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code fairlead health}: asks the process of the same settings whether it is ready; for the
 * container's health check.
 */
@Command(
    name = "health",
    description = "Ask the running proxy whether it is ready; exit code 0 or 1.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class HealthCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    return Health.ask(
        SettingsFlags.chosen(command),
        command.commandLine().getOut(),
        command.commandLine().getErr());
  }
}
