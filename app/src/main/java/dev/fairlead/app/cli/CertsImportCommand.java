package dev.fairlead.app.cli;

import dev.fairlead.acme.transfer.CertificateImport;
import dev.fairlead.acme.transfer.FormerProxy;
import dev.fairlead.acme.transfer.ImportLine;
import dev.fairlead.acme.transfer.ImportLine.Outcome;
import dev.fairlead.acme.transfer.SourceException;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.schema.AcmeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fairlead certs import}: from the certificates of another proxy to the storage. */
@Command(
    name = "import",
    description = "Take over the certificates of another proxy, so that nothing is ordered.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CertsImportCommand implements Callable<Integer> {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "PROXY",
      description = "traefik, caddy or certbot")
  private String from = "";

  @Parameters(
      paramLabel = "PATH",
      description = "Traefik's acme.json, Caddy's data directory, or certbot's /etc/letsencrypt")
  private Path path = Path.of("");

  @Option(names = "--dry-run", description = "say what would be done, and write nothing")
  private boolean dryRun;

  @Option(
      names = "--ca",
      paramLabel = "DIRECTORY-URL",
      description =
          "the CA of certificates that do not say of which they are: its directory, as in"
              + " acme.directory")
  private @Nullable String ca;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    FormerProxy source = source();
    Optional<URI> named = Optional.ofNullable(ca).map(this::directory);
    Optional<Settings> settings = StorageCommands.settings(command, err);
    if (settings.isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    Map<Outcome, Integer> count = new EnumMap<>(Outcome.class);
    try (CertificateImport task =
        new CertificateImport(settings.get().storage(), settings.get().acme(), Clock.systemUTC())) {
      task.run(source, path, named, dryRun, line -> said(line, count, out));
    } catch (SourceException e) {
      err.println(e.getMessage());
      return ExitCode.CONFIGURATION;
    } catch (IOException e) {
      err.println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
    if (count.isEmpty()) {
      out.println("nothing found in " + path);
    } else {
      // whoever mistyped it would look for the certificates elsewhere
      out.println("the storage is " + settings.get().storage().path());
    }
    return count.containsKey(Outcome.NOT_POSSIBLE) ? ExitCode.NO : ExitCode.OK;
  }

  private static void said(ImportLine line, Map<Outcome, Integer> count, PrintWriter out) {
    count.merge(line.outcome(), 1, Integer::sum);
    out.println(line);
  }

  private FormerProxy source() {
    for (FormerProxy each : FormerProxy.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(from)) {
        return each;
      }
    }
    throw wrong("--from: %s (expected: traefik, caddy or certbot)".formatted(from));
  }

  private URI directory(String text) {
    return AcmeOptions.DIRECTORY
        .type()
        .read(text)
        .either(
            uri -> uri,
            refused -> {
              throw wrong("--ca: %s (expected: %s)".formatted(refused.text(), refused.expected()));
            });
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
