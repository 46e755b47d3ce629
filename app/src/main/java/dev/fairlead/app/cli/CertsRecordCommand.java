package dev.fairlead.app.cli;

import dev.fairlead.acme.PersistRecords;
import dev.fairlead.acme.PersistRecords.Answer;
import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fairlead certs record}: the record that dns-persist-01 needs. */
@Command(
    name = "record",
    description =
        "Show the TXT record that dns-persist-01 needs for a name, and whether it is in DNS; exit"
            + " code 1 when it is not.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsRecordCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME",
      description = "a host such as shop.example.com, or *.example.com")
  private String name = "";

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = command.commandLine().getErr();
    HostPattern host =
        HostPattern.parse(name)
            .filter(known -> known.wildcard() || !known.suffix().startsWith("_"))
            .filter(known -> !known.isAddress()) // DNS shows nothing of an address
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "%s (expected: a host such as shop.example.com, or *.example.com)"
                            .formatted(name)));
    Optional<Settings> settings = StorageCommands.settings(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    try {
      return show(
          PersistRecords.look(
              settings.get().acme(), settings.get().storage(), host, Clock.systemUTC()));
    } catch (IssueException | IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  /** Records on the standard output, what is to be said of them on the other. */
  private int show(List<Answer> answers) {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    int code = ExitCode.OK;
    for (Answer answer : answers) {
      answer.line().ifPresent(out::println);
      out.flush();
      if (answer.problem().isPresent()) {
        code = ExitCode.NO;
      }
      err.println(
          "%s: %s"
              .formatted(
                  answer.directory(),
                  answer.problem().map(CertsTable::plain).orElseGet(() -> seen(answer))));
    }
    err.flush();
    return code;
  }

  private static String seen(Answer answer) {
    return "the record is in DNS"
        + answer.since().map(time -> ", a proxy has seen it since " + time).orElse("");
  }
}
