package dev.fairlead.app.cli;

import dev.fairlead.app.alert.Channels;
import dev.fairlead.config.bootstrap.AlertSettings;
import dev.fairlead.config.bootstrap.Settings;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead alerts}: what is told when a certificate is not renewed in time. */
@Command(
    name = "alerts",
    description = "Try how people are told of certificates that are not renewed in time.",
    subcommands = AlertsCommand.Test.class,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class AlertsCommand implements Runnable {

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "A command is missing, such as test");
  }

  /** {@code fairlead alerts test}: a message by every channel of the settings. */
  @Command(
      name = "test",
      description = "Send a test message by all channels; exit code 0 when each took it.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  static final class Test implements Callable<Integer> {

    @Spec private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
      PrintWriter out = command.commandLine().getOut();
      PrintWriter err = command.commandLine().getErr();
      Optional<Settings> settings = SettingsFlags.chosen(command).load(err);
      if (settings.isEmpty()) {
        return ExitCode.CONFIGURATION;
      }
      AlertSettings alerts = settings.get().alerts();
      if (alerts.isNobody()) {
        err.println("alerts: nobody is told (expected: alerts.webhook.url or alerts.smtp.host)");
        return ExitCode.CONFIGURATION;
      }
      return Channels.test(alerts, Instant.now(), out::println) ? ExitCode.OK : ExitCode.NO;
    }
  }
}
