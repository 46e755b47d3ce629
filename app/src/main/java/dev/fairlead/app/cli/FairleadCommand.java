package dev.fairlead.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
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
      VersionCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class FairleadCommand implements Runnable {

  private static final Set<String> WITH_SETTINGS = Set.of("run", "health");

  @Spec private CommandSpec command = CommandSpec.create();

  private FairleadCommand() {}

  /** Runs the command that the arguments name; returns its exit code. */
  public static int execute(String... arguments) {
    return commandLine().execute(arguments.length == 0 ? new String[] {"run"} : arguments);
  }

  private static CommandLine commandLine() {
    CommandLine line = new CommandLine(new FairleadCommand());
    line.getSubcommands().values().stream()
        .filter(each -> WITH_SETTINGS.contains(each.getCommandName()))
        .forEach(SettingsFlags::addTo);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (wrong, _) -> {
          wrong.getCommandLine().getErr().println(wrong.getMessage());
          wrong.getCommandLine().getErr().println("Help: fairlead --help");
          return ExitCode.CONFIGURATION;
        });
    return line;
  }

  /** Flags alone name no command. */
  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "A command is missing, such as run");
  }
}
