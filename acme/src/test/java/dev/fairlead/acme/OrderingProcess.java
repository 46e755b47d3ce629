package dev.fairlead.acme;

import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A process that sees to the certificates of some names until somebody ends it. It says which file
 * of an order it is about to use, a line each, and goes on when it is told to: whoever kills it
 * knows where it stands, however busy the machine is.
 */
final class OrderingProcess {

  private static final ReentrantLock TURN = new ReentrantLock();

  private OrderingProcess() {}

  /** Starts one; names with a blank between them share a certificate. */
  static Process start(Path storage, AcmeSettings settings, List<String> names) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                OrderingProcess.class.getName(),
                storage.toString(),
                settings.directory().toString(),
                settings.caFile().orElseThrow().toString()));
    command.addAll(names);
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(storage.resolve("process.log").toFile()))
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    AcmeSettings settings =
        new AcmeSettings(
            URI.create(args[1]),
            Optional.empty(),
            Optional.of(Path.of(args[2])),
            AcmeSettings.Challenge.HTTP_01);
    CertificateManager manager =
        new CertificateManager(
            settings,
            new StorageSettings(Path.of(args[0]), Duration.ofSeconds(30)),
            Clock.systemUTC(),
            served -> {},
            OrderingProcess::say,
            Instance.FAST,
            DnsNetwork.NORMAL);
    manager.start();
    manager.wanted(
        Arrays.stream(args).skip(3).flatMap(Instance::together).collect(Collectors.toSet()));
    Thread.currentThread().join(); // for ever: whoever started it ends it
  }

  private static void say(Path path) {
    if (path.toString().contains("/certificates/") && !path.endsWith(".changed")) {
      TURN.lock();
      try {
        System.out.println(path);
        System.out.flush();
        if (System.in.read() < 0) {
          Runtime.getRuntime().halt(1); // whoever started it has ended
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        TURN.unlock();
      }
    }
  }
}
