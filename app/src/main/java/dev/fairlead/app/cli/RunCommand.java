package dev.fairlead.app.cli;

import dev.fairlead.app.instance.Instance;
import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
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
    PrintWriter err = command.commandLine().getErr();
    Optional<Settings> settings = SettingsFlags.load(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    if (!settings.get().docker().enabled() && settings.get().file().path().isEmpty()) {
      err.println("docker.enabled: false (expected: true, or a file with services in file.path)");
      return ExitCode.CONFIGURATION;
    }
    LogSetup.apply(settings.get().log());
    LoggerFactory.getLogger(RunCommand.class).info("fairlead {}", Version.current());
    try {
      return Termination.run(() -> Instance.start(settings.get(), System.out));
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }
}
