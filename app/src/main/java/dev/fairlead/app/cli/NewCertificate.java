package dev.fairlead.app.cli;

import dev.fairlead.acme.ActionException;
import dev.fairlead.acme.CertificateActions;
import dev.fairlead.acme.CertificateActions.Issued;
import dev.fairlead.acme.CertificateActions.Pending;
import dev.fairlead.acme.CertificateActions.Waiting;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What the commands that lead to a new certificate have in common. */
final class NewCertificate {

  @Parameters(paramLabel = "NAME", description = "a host such as shop.example.com")
  private String name = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "how long to wait for the new certificate (default: ${DEFAULT-VALUE})")
  private int waitSeconds = 120;

  /** Does what is asked for, then waits for what comes of it. */
  @FunctionalInterface
  interface Wish {
    Pending say(CertificateActions actions, HostPattern host, Consumer<String> said)
        throws ActionException, IssueException, IOException, InterruptedException;
  }

  /** The exit code: 0 when the new certificate is there, or was not waited for. */
  int ask(CommandSpec command, Wish wish) throws InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    HostPattern host =
        HostPattern.parse(name)
            .filter(known -> known.wildcard() || !known.suffix().startsWith("_"))
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "%s (expected: a host such as shop.example.com)".formatted(name)));
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
      Pending pending = wish.say(actions, host, line -> say(out, line));
      say(out, host + ": a new certificate is asked for");
      return waitSeconds <= 0 ? ExitCode.OK : await(actions, pending, out, err);
    } catch (ActionException e) {
      err.println(e.getMessage());
      return ExitCode.NO;
    } catch (IssueException e) {
      err.println(host + ": " + e.getMessage());
      return ExitCode.UNAVAILABLE;
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private int await(CertificateActions actions, Pending pending, PrintWriter out, PrintWriter err)
      throws IOException, InterruptedException {
    return switch (actions.await(pending, Duration.ofSeconds(waitSeconds))) {
      case Issued issued -> {
        say(out, "%s: issued, good until %s".formatted(pending.host(), issued.notAfter()));
        yield ExitCode.OK;
      }
      case Waiting waiting -> {
        err.println(
            "%s: not there after %d s; %s"
                .formatted(
                    pending.host(),
                    waitSeconds,
                    waiting
                        .error()
                        .map(
                            error ->
                                error
                                    + waiting
                                        .nextAttempt()
                                        .map(time -> "; next attempt at " + time)
                                        .orElse(""))
                        .orElse(
                            "no proxy has ordered it yet, it is done when one runs that serves the"
                                + " name")));
        yield ExitCode.NO;
      }
    };
  }

  /** At once: what follows may take minutes. */
  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
