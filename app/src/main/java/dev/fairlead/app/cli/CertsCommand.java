package dev.fairlead.app.cli;

import dev.fairlead.acme.CertificateInventory;
import dev.fairlead.acme.StoredCertificate;
import dev.fairlead.config.bootstrap.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fairlead certs}: what is on the storage, without a running proxy. */
@Command(
    name = "certs",
    description =
        "Show the certificates on the storage; exit code 1 when one has expired or is overdue.",
    subcommands = {
      CertsImportCommand.class,
      CertsRecordCommand.class,
      CertsRenewCommand.class,
      CertsRevokeCommand.class,
      CertsRolloverCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsCommand implements Callable<Integer> {

  @Option(names = "--json", description = "print JSON instead of a table")
  private boolean json;

  @Option(
      names = "--archived",
      description = "show what is in the archive, of names that no service has had for long")
  private boolean archived;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = command.commandLine().getErr();
    Optional<Settings> settings = StorageCommands.settings(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    Instant now = Clock.systemUTC().instant();
    try {
      Optional<List<StoredCertificate>> found =
          archived
              ? CertificateInventory.archived(settings.get().storage(), settings.get().acme(), now)
              : CertificateInventory.read(settings.get().storage(), settings.get().acme(), now);
      if (found.isEmpty()) {
        err.println(
            "storage.path: %s does not exist (expected: the storage of a proxy)"
                .formatted(settings.get().storage().path()));
        return ExitCode.UNAVAILABLE;
      }
      return show(found.get(), now);
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private int show(List<StoredCertificate> found, Instant now) {
    PrintWriter out = command.commandLine().getOut();
    out.print(json ? CertsJson.of(found, now) : CertsTable.of(found, archived, now));
    out.flush();
    List<String> problems =
        found.stream()
            .map(each -> each.problem(now))
            .flatMap(Optional::stream)
            .map(CertsTable::plain)
            .toList();
    problems.forEach(command.commandLine().getErr()::println);
    return problems.isEmpty() ? ExitCode.OK : ExitCode.NO;
  }
}
