package dev.fairlead.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fairlead run}: the proxy, until SIGTERM. */
@Command(
    name = "run",
    description = "Run the proxy (the default).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    return Run.untilTheEnd(SettingsFlags.chosen(command), command.commandLine().getErr());
  }
}
