package dev.fairlead.training;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything around a proxy, in a folder of its own, which it removes: services of a Swarm, a
 * stored certificate for each, one app that is all of their tasks.
 */
public final class Bed implements AutoCloseable {

  private static final int TASKS_PER_SERVICE = 3;

  private final Path folder;
  private final App app;
  private final Engine engine;
  private final X509Certificate authority;
  private final int http = freePort();
  private final int https = freePort();
  private final int admin = freePort();

  private Bed(Path folder, App app, Engine engine, X509Certificate authority) throws IOException {
    this.folder = folder;
    this.app = app;
    this.engine = engine;
    this.authority = authority;
  }

  /** Makes all of it; {@link #process} is the proxy. */
  public static Bed of(int services) throws IOException {
    Path folder = Files.createTempDirectory("fairlead-");
    var stored =
        new StoredCertificates(folder.resolve("storage"), InstantSource.system().instant());
    for (int i = 0; i < services; i++) {
      stored.add(Swarm.host(i));
    }
    App app = App.start();
    Engine engine =
        Engine.start(
            folder.resolve("docker.sock"), new Swarm(services, TASKS_PER_SERVICE, app.port()));
    return new Bed(folder, app, engine, stored.authority());
  }

  /** The port of HTTPS on 127.0.0.1. */
  public int https() {
    return https;
  }

  public int http() {
    return http;
  }

  public int admin() {
    return admin;
  }

  public X509Certificate authority() {
    return authority;
  }

  /** Where what the proxy writes goes. */
  public Path log() {
    return folder.resolve("log");
  }

  /**
   * A process with the settings of this bed, not started yet.
   *
   * @param java the command up to and without Fairlead's own arguments
   */
  public ProcessBuilder process(List<String> java, String command) {
    List<String> words = new ArrayList<>(java);
    words.add(command);
    settings().forEach((key, value) -> words.add("--" + key + "=" + value));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
  }

  private Map<String, String> settings() {
    return new TreeMap<>(
        Map.of(
            "domain",
            Swarm.DOMAIN,
            "docker.endpoint",
            engine.endpoint().toString(),
            "docker.networks",
            Swarm.NETWORK,
            "listeners.http",
            "127.0.0.1:" + http,
            "listeners.https",
            "127.0.0.1:" + https,
            "listeners.admin",
            "127.0.0.1:" + admin,
            "storage.path",
            folder.resolve("storage").toString()));
  }

  // Whoever takes it in between makes the start fail, which is seen.
  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
    app.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
