package dev.fairlead.app.demo;

import dev.fairlead.app.instance.Instance;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.SettingsLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The main job without Docker and without a network: two backends, a route to them from a YAML
 * file, a certificate of the local CA. Everything it writes is in one folder, which it removes.
 */
public final class Demo implements AutoCloseable {

  private static final String HOST = "whoami.localhost";

  private final Path folder;
  private final Backend first;
  private final Backend second;
  private final Instance instance;

  private Demo(Path folder, Backend first, Backend second, Instance instance) {
    this.folder = folder;
    this.first = first;
    this.second = second;
    this.instance = instance;
  }

  /**
   * Starts backends and proxy.
   *
   * @param httpPort and {@code httpsPort}, on the loopback only; 0 lets the system choose
   * @throws IOException with a sentence for people when a port can't be had
   */
  public static Demo start(int httpPort, int httpsPort, boolean verbose)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-demo-");
    Backend first = new Backend("one");
    Backend second = new Backend("two");
    try {
      Path file = folder.resolve("fairlead.yml");
      Files.writeString(file, yaml(first, second));
      Settings settings = settings(file, folder, httpPort, httpsPort, verbose);
      return new Demo(folder, first, second, Instance.start(settings, System.out));
    } catch (IOException | InterruptedException | RuntimeException e) {
      first.close();
      second.close();
      delete(folder);
      throw e;
    }
  }

  private static String yaml(Backend first, Backend second) {
    return """
    services:
      whoami:
        host: %s
        tls: local
        balance: round-robin
        endpoints: ["%s", "%s"]
    """
        .formatted(HOST, first.endpoint(), second.endpoint());
  }

  private static Settings settings(
      Path file, Path folder, int httpPort, int httpsPort, boolean verbose) {
    Map<String, String> flags =
        Map.of(
            "listeners.http",
            "127.0.0.1:" + httpPort,
            "listeners.https",
            "127.0.0.1:" + httpsPort,
            "listeners.admin",
            "127.0.0.1:0",
            "listeners.public-https-port",
            Integer.toString(httpsPort == 0 ? 443 : httpsPort),
            "storage.path",
            folder.resolve("storage").toString(),
            "docker.enabled",
            "false",
            // Nobody has to notice first that it ends.
            "timeouts.drain",
            "500ms",
            "log.level",
            verbose ? "info" : "warn",
            "log.access",
            Boolean.toString(verbose));
    return switch (SettingsLoader.load(Optional.of(file), Map.of(), flags)) {
      case Parsed.Valid<Settings>(Settings valid) -> valid;
      case Parsed.Invalid<Settings>(var problems) ->
          throw new IllegalStateException("the demo's own settings are wrong: " + problems);
    };
  }

  /** Prints what is there to try, and shows that the backends take turns. */
  public void show(PrintWriter out) throws IOException, GeneralSecurityException {
    int http = instance.httpAddress().getPort();
    int https = instance.httpsAddress().getPort();
    Path ca = instance.localCaFile().orElseThrow(() -> new IOException("no local CA in " + folder));
    out.printf("Fairlead routes https://%s:%d/ to two backends.%n%n", HOST, https);
    Visitor visitor = new Visitor(ca);
    for (int i = 1; i <= 4; i++) {
      out.printf("  request %d: %s%n", i, visitor.visit(HOST, https));
    }
    out.printf("%nTry it yourself:%n%n");
    out.printf("  curl --cacert %s https://%s:%d/%n", ca, HOST, https);
    out.printf("  curl -i http://%s:%d/             the redirect to https%n", HOST, http);
    out.printf("  curl -ik https://unknown.localhost:%d/    nothing is served here%n%n", https);
    out.printf("The route is in %s; edit it while this runs.%n", folder.resolve("fairlead.yml"));
    out.printf("Ctrl-C stops it.%n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    instance.close();
    first.close();
    second.close();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
