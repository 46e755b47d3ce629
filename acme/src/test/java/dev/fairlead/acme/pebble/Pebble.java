package dev.fairlead.acme.pebble;

import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Pebble with its DNS server, whose every name is 127.0.0.1. Its validation requests come to a
 * {@link ChallengeResponder}.
 */
public final class Pebble implements AutoCloseable {

  private final Path directory;
  private final int port = freePort();
  private final int managementPort = freePort();
  private final List<Process> processes = new ArrayList<>();

  private Pebble(Path directory) {
    this.directory = directory;
  }

  /** Whether both programs are on the PATH. */
  public static boolean isInstalled() {
    return Stream.of("pebble", "pebble-challtestsrv").allMatch(Pebble::isOnPath);
  }

  /**
   * Starts both and waits until they listen.
   *
   * @param validity of the certificates
   * @param noncesRejected in percent
   */
  public static Pebble start(
      Path directory, ChallengeResponder responder, Duration validity, int noncesRejected)
      throws IOException {
    Pebble pebble = new Pebble(directory);
    pebble.writeFiles(responder, validity);
    int dns = freePort();
    pebble.startDns(dns);
    pebble.startCa(dns, noncesRejected);
    return pebble;
  }

  /**
   * Starts Pebble alone and waits until it listens.
   *
   * @param dnsPort of the server at 127.0.0.1 that it looks records up at
   */
  public static Pebble startWithDns(
      Path directory, ChallengeResponder responder, Duration validity, int dnsPort)
      throws IOException {
    Pebble pebble = new Pebble(directory);
    pebble.writeFiles(responder, validity);
    pebble.startCa(dnsPort, 0);
    return pebble;
  }

  private void startDns(int dns) throws IOException {
    run(
        Map.of(),
        "dns.log",
        List.of(
            "pebble-challtestsrv",
            "-defaultIPv4",
            "127.0.0.1",
            "-defaultIPv6",
            "",
            "-dns01",
            "127.0.0.1:" + dns,
            "-http01",
            "",
            "-https01",
            "",
            "-tlsalpn01",
            "",
            "-management",
            "127.0.0.1:" + freePort()));
  }

  private void startCa(int dns, int noncesRejected) throws IOException {
    run(
        Map.of(
            "PEBBLE_VA_NOSLEEP", "1",
            "PEBBLE_AUTHZREUSE", "0",
            "PEBBLE_WFE_NONCEREJECT", String.valueOf(noncesRejected)),
        "pebble.log",
        List.of(
            "pebble",
            "-config",
            directory.resolve("pebble.json").toString(),
            "-dnsserver",
            "127.0.0.1:" + dns));
    await().atMost(Duration.ofSeconds(20)).until(() -> accepts(port));
  }

  public URI acmeDirectory() {
    return URI.create("https://127.0.0.1:%d/dir".formatted(port));
  }

  /** PEM of what signed the certificate of Pebble's own HTTPS. */
  public Path caFile() {
    return directory.resolve("api.pem");
  }

  /** How many orders it took, ever. */
  public int orders() {
    return count("Added order ");
  }

  /** What it has said. */
  public String log() {
    try {
      return Files.readString(directory.resolve("pebble.log"));
    } catch (IOException e) {
      throw new AssertionError("pebble.log", e);
    }
  }

  private int count(String text) {
    return log().split(text, -1).length - 1;
  }

  private void writeFiles(ChallengeResponder responder, Duration validity) throws IOException {
    KeyPair key = Keys.newP256();
    Files.writeString(
        caFile(),
        Pem.of(
            List.of(
                new CertificateBuilder("pebble", key.getPublic(), Instant.now(), Duration.ofDays(1))
                    .name(new HostPattern(false, "127.0.0.1"))
                    .selfSigned(key))));
    Files.writeString(directory.resolve("api.key"), Pem.of(key.getPrivate()));
    Files.writeString(
        directory.resolve("pebble.json"),
        """
        { "pebble": {
          "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "%s", "privateKey": "%s",
          "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "",
          "certificateValidityPeriod": %d } }
        """
            .formatted(
                port,
                managementPort,
                caFile(),
                directory.resolve("api.key"),
                responder.httpPort(),
                responder.tlsPort(),
                validity.toSeconds()));
  }

  private void run(Map<String, String> environment, String log, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(log).toFile());
    builder.environment().putAll(environment);
    processes.add(builder.start());
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError("no free port", e);
    }
  }
}
