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
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Pebble with its DNS server, whose every name is 127.0.0.1. Its validation requests come to a
 * {@link ChallengeResponder}.
 */
public final class Pebble implements AutoCloseable {

  private static final Pattern ADDED =
      Pattern.compile("(\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d) Added order ");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  private final Path directory;
  private final int port = freePort();
  private final int managementPort = freePort();
  private final List<Process> processes = new ArrayList<>();
  private final Conduct conduct;
  private final Extras extras;
  private int dnsPort;
  private @Nullable Process ca;

  private Pebble(Path directory, Conduct conduct, Extras extras) {
    this.directory = directory;
    this.conduct = conduct;
    this.extras = extras;
  }

  /**
   * How it behaves.
   *
   * @param validity of the certificates
   * @param noncesRejected in percent
   * @param longestPause before each validation, at most, of a length by chance; zero for none
   */
  public record Conduct(Duration validity, int noncesRejected, Duration longestPause) {}

  /**
   * What not every CA has.
   *
   * @param alternateChains how many it offers beside the usual one
   * @param externalKeys of those who may have an account, in base64url by their id; empty for all
   */
  public record Extras(int alternateChains, Map<String, String> externalKeys) {

    /** Nothing. */
    public static final Extras NONE = new Extras(0, Map.of());
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
    return start(directory, responder, new Conduct(validity, noncesRejected, Duration.ZERO));
  }

  /** Starts both and waits until they listen. */
  public static Pebble start(Path directory, ChallengeResponder responder, Conduct conduct)
      throws IOException {
    return start(directory, responder, conduct, Extras.NONE);
  }

  /** Starts both and waits until they listen. */
  public static Pebble start(
      Path directory, ChallengeResponder responder, Conduct conduct, Extras extras)
      throws IOException {
    Pebble pebble = new Pebble(directory, conduct, extras);
    pebble.writeFiles(responder, conduct.validity());
    pebble.dnsPort = freePort();
    pebble.startDns(pebble.dnsPort);
    pebble.startCa();
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
    Pebble pebble = new Pebble(directory, new Conduct(validity, 0, Duration.ZERO), Extras.NONE);
    pebble.writeFiles(responder, validity);
    pebble.dnsPort = dnsPort;
    pebble.startCa();
    return pebble;
  }

  /**
   * Ends the CA without a word and starts another one in its place, which knows nothing: no
   * account, no order, and it has other roots.
   */
  public void restart() throws IOException {
    Process old = Objects.requireNonNull(ca);
    old.destroyForcibly();
    old.onExit().join();
    startCa();
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

  private void startCa() throws IOException {
    Map<String, String> environment = new HashMap<>();
    if (conduct.longestPause().isZero()) {
      environment.put("PEBBLE_VA_NOSLEEP", "1");
    } else {
      environment.put("PEBBLE_VA_SLEEPTIME", String.valueOf(conduct.longestPause().toSeconds()));
    }
    environment.put("PEBBLE_VA_ALWAYS_VALID", "0");
    environment.put("PEBBLE_AUTHZREUSE", "0");
    environment.put("PEBBLE_ALTERNATE_ROOTS", String.valueOf(extras.alternateChains()));
    environment.put("PEBBLE_WFE_NONCEREJECT", String.valueOf(conduct.noncesRejected()));
    ca =
        run(
            environment,
            "pebble.log",
            List.of(
                "pebble",
                "-config",
                directory.resolve("pebble.json").toString(),
                "-dnsserver",
                "127.0.0.1:" + dnsPort));
    await().atMost(Duration.ofSeconds(20)).until(() -> accepts(port));
  }

  public URI acmeDirectory() {
    return URI.create("https://127.0.0.1:%d/dir".formatted(port));
  }

  /** PEM of what signed the certificate of Pebble's own HTTPS. */
  public Path caFile() {
    return directory.resolve("api.pem");
  }

  /** The address of something that only its owner asks for. */
  public URI management(String path) {
    return URI.create("https://127.0.0.1:%d%s".formatted(managementPort, path));
  }

  /** Trusts its HTTPS. */
  public HttpClient client() throws IOException, GeneralSecurityException {
    return HttpClient.newBuilder().sslContext(Forwarder.context(this)).build();
  }

  int port() {
    return port;
  }

  Path keyFile() {
    return directory.resolve("api.key");
  }

  /** How many orders it took, ever. */
  public int orders() {
    return count("Added order ");
  }

  /** When it took each order, to the second. */
  public List<Instant> orderTimes() {
    return log()
        .lines()
        .map(ADDED::matcher)
        .filter(Matcher::find)
        .map(match -> LocalDateTime.parse(match.group(1), TIME))
        .map(time -> time.atZone(ZoneId.systemDefault()).toInstant())
        .toList();
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
    Files.writeString(keyFile(), Pem.of(key.getPrivate()));
    Files.writeString(
        directory.resolve("pebble.json"),
        """
        { "pebble": {
          "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "%s", "privateKey": "%s",
          "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "",
          "externalAccountBindingRequired": %b, "externalAccountMACKeys": { %s },
          "certificateValidityPeriod": %d } }
        """
            .formatted(
                port,
                managementPort,
                caFile(),
                keyFile(),
                responder.httpPort(),
                responder.tlsPort(),
                !extras.externalKeys().isEmpty(),
                extras.externalKeys().entrySet().stream()
                    .map(each -> "\"%s\": \"%s\"".formatted(each.getKey(), each.getValue()))
                    .collect(Collectors.joining(", ")),
                validity.toSeconds()));
  }

  private Process run(Map<String, String> environment, String log, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
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
