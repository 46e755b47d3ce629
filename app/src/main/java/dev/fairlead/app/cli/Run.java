package dev.fairlead.app.cli;

import dev.fairlead.app.instance.Instance;
import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** What {@code fairlead run} does. */
final class Run {

  private Run() {}

  /** Runs a proxy until SIGTERM; returns the exit code when there is none to run. */
  static int untilTheEnd(ChosenSettings chosen, PrintWriter err) throws InterruptedException {
    Optional<Settings> settings = chosen.load(err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    if (!settings.get().docker().enabled() && settings.get().file().path().isEmpty()) {
      err.println("docker.enabled: false (expected: true, or a file with services in file.path)");
      return ExitCode.CONFIGURATION;
    }
    LogSetup.apply(settings.get().log());
    LoggerFactory.getLogger(Run.class).info("fairlead {}", Version.current());
    try {
      return Termination.run(() -> Instance.start(settings.get(), System.out));
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }
}
