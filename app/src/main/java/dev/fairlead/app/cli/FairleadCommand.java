package dev.fairlead.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead}: without a command it runs the proxy. */
@Command(
    name = "fairlead",
    description = "Reverse proxy and load balancer for Docker Swarm.",
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      HealthCommand.class,
      DoctorCommand.class,
      AlertsCommand.class,
      VersionCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class FairleadCommand implements Runnable {

  @Spec private CommandSpec command = CommandSpec.create();

  private FairleadCommand() {}

  /** All commands, for what is not plain. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new FairleadCommand());
    for (CommandLine each : line.getSubcommands().values()) {
      if (takesSettings(each.getCommandName())) {
        SettingsFlags.addTo(each);
      }
      each.getSubcommands().values().forEach(SettingsFlags::addTo);
    }
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler(
        (wrong, _) -> {
          wrong.getCommandLine().getErr().println(wrong.getMessage());
          wrong.getCommandLine().getErr().println("Help: fairlead --help");
          return ExitCode.CONFIGURATION;
        });
    return line;
  }

  private static boolean takesSettings(String command) {
    return Commands.WITH_SETTINGS.contains(command) || command.equals("doctor");
  }

  /** Flags alone name no command. */
  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "A command is missing, such as run");
  }
}
