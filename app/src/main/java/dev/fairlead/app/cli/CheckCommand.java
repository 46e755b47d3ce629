package dev.fairlead.app.cli;

import dev.fairlead.config.load.CheckedFile;
import dev.fairlead.config.load.FileCheck;
import dev.fairlead.config.load.RouteDefinition;
import dev.fairlead.config.load.ServiceDefinition;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.TlsMode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code fairlead check}: what a file says, and what is wrong with it, without running anything.
 */
@Command(
    name = "check",
    description = "Check a compose.yml or fairlead.yml; prints its routes or its problems.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "compose.yml or fairlead.yml")
  private Path file = Path.of("");

  @Option(
      names = "--domain",
      description = "the domain of services without a host (default: $FAIRLEAD_DOMAIN)")
  private @Nullable String domain;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    Optional<String> ofServices =
        Optional.ofNullable(domain).or(() -> Optional.ofNullable(System.getenv("FAIRLEAD_DOMAIN")));
    CheckedFile checked = FileCheck.check(file, ofServices);
    checked.problems().forEach(command.commandLine().getErr()::println);
    if (!checked.problems().isEmpty()) {
      return ExitCode.CONFIGURATION;
    }
    boolean hasPorts = checked.kind() == CheckedFile.Kind.COMPOSE;
    checked.services().forEach(service -> print(service, hasPorts, out));
    checked.unchecked().forEach(path -> out.println(path + ": names a variable, not checked"));
    if (ofServices.isEmpty() && checked.services().stream().anyMatch(CheckCommand::lacksDomain)) {
      out.println(
          FileCheck.UNKNOWN_DOMAIN
              + ": stands for your domain (expected: --domain or $FAIRLEAD_DOMAIN)");
    }
    out.println(file + ": ok, " + count(checked.services().size(), "service"));
    return ExitCode.OK;
  }

  /** The ports of a file's own services are those of its endpoints, and may be several. */
  private static void print(ServiceDefinition service, boolean hasPorts, PrintWriter out) {
    for (RouteDefinition route : service.routes()) {
      for (HostPattern host : route.hosts()) {
        String path = route.path().value().equals("/") ? "/" : route.path() + "/";
        String scheme = route.tls() == TlsMode.OFF ? "http://" : "https://";
        String port = hasPorts ? ":" + route.port() : "";
        out.println(scheme + host.authority() + path + " → " + service.service() + port);
      }
    }
  }

  private static boolean lacksDomain(ServiceDefinition service) {
    return service.routes().stream()
        .flatMap(route -> route.hosts().stream())
        .anyMatch(host -> host.authority().endsWith("." + FileCheck.UNKNOWN_DOMAIN));
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
