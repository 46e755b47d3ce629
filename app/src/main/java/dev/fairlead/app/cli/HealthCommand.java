package dev.fairlead.app.cli;

import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

  private static final int TIMEOUT_MILLIS = 3000;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter err = command.commandLine().getErr();
    Optional<Settings> settings = SettingsFlags.load(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    ListenAddress admin = settings.get().listeners().admin();
    // Listening on all addresses includes the loopback.
    ListenAddress target =
        new ListenAddress(admin.host().or(() -> Optional.of("127.0.0.1")), admin.port());
    try {
      URI uri = URI.create("http://" + target + "/readyz");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      boolean ready = connection.getResponseCode() == 200;
      var body = ready ? connection.getInputStream() : connection.getErrorStream();
      if (body != null) {
        command
            .commandLine()
            .getOut()
            .print(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        command.commandLine().getOut().flush();
      }
      return ready ? ExitCode.OK : ExitCode.NO;
    } catch (IOException e) {
      err.println("no answer at " + target + ": " + e.getMessage());
      return ExitCode.NO;
    }
  }
}
