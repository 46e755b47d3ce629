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
      CertsCommand.class,
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
    line.getSubcommands().values().forEach(FairleadCommand::addSettings);
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

  private static void addSettings(CommandLine command) {
    switch (command.getCommandName()) {
      case "run", "health", "doctor" -> SettingsFlags.addTo(command);
      case "alerts" -> command.getSubcommands().values().forEach(SettingsFlags::addTo);
      case "certs" -> {
        SettingsFlags.addTo(command, StorageCommands::uses);
        command
            .getSubcommands()
            .forEach((name, below) -> SettingsFlags.addTo(below, StorageCommands.usedBy(name)));
      }
      default -> {} // reads no settings
    }
  }

  /** Flags alone name no command. */
  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "A command is missing, such as run");
  }
}
