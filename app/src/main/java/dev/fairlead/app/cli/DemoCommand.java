package dev.fairlead.app.cli;

import dev.fairlead.app.demo.Demo;
import dev.fairlead.app.log.LogSetup;
import dev.fairlead.config.bootstrap.LogSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead demo}. */
@Command(
    name = "demo",
    description = "Show the main job on this machine: no Docker, no network, no root.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--http-port",
      defaultValue = "8080",
      description = "on the loopback (default: ${DEFAULT-VALUE})")
  private int httpPort;

  @Option(
      names = "--https-port",
      defaultValue = "8443",
      description = "on the loopback (default: ${DEFAULT-VALUE})")
  private int httpsPort;

  @Option(
      names = {"-v", "--verbose"},
      description = "show the log, with a line for each request")
  private boolean verbose;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSettings.Level level = verbose ? LogSettings.Level.INFO : LogSettings.Level.WARN;
    LogSetup.apply(new LogSettings(LogSettings.Format.TEXT, level, verbose));
    try {
      return Termination.<Exception>run(this::start);
    } catch (IOException e) {
      command.commandLine().getErr().println(e.getMessage());
      command.commandLine().getErr().println("Other ports: --http-port and --https-port");
      return ExitCode.UNAVAILABLE;
    }
  }

  private Demo start() throws IOException, InterruptedException, GeneralSecurityException {
    Demo demo = Demo.start(httpPort, httpsPort, verbose);
    boolean shown = false;
    try {
      demo.show(command.commandLine().getOut());
      shown = true;
      return demo;
    } finally {
      if (!shown) {
        demo.close();
      }
    }
  }
}
