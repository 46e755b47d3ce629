package dev.fairlead.app.cli;

import dev.fairlead.acme.CertificateActions;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fairlead certs rollover}: new keys for the accounts at the authorities. */
@Command(
    name = "rollover",
    description = "Give the account at each authority a new key.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsRolloverCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Optional<Settings> settings = StorageCommands.settings(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    try (CertificateActions actions =
        new CertificateActions(
            settings.get().acme(), settings.get().storage(), Clock.systemUTC())) {
      Optional<String> refusal = actions.notOurs();
      if (refusal.isPresent()) {
        err.println(refusal.get());
        return ExitCode.CONFIGURATION;
      }
      return actions.rollOver(out::println) ? ExitCode.OK : ExitCode.NO;
    } catch (IssueException | IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }
}
