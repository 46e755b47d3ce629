package dev.fairlead.app.instance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.config.bootstrap.Settings;
import dev.fairlead.config.load.Parsed;
import dev.fairlead.config.load.SettingsLoader;
import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.TlsMode;
import dev.fairlead.discovery.Discovery;
import dev.fairlead.discovery.FoundService;
import dev.fairlead.discovery.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients get while one provider has answered and another one has not. */
final class WarmUpTest {

  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  @TempDir private Path folder = Path.of("");
  private final CountDownLatch dockerAnswers = new CountDownLatch(1);
  private final HttpServer app = newServer();

  @BeforeEach
  void startApp() {
    app.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    app.start();
  }

  @AfterEach
  void stopApp() {
    app.stop(0);
  }

  @Test
  void clientsWaitUntilEveryProviderHasAnswered() throws Exception {
    Settings settings = settings("docker.enabled", "false");
    List<Provider> providers = List.of(Instance.providers(settings).getFirst(), new SlowDocker());
    try (Instance instance = new Instance(settings, providers, noLog())) {
      CompletableFuture<Void> start = serve(instance, NEVER);
      CompletableFuture<String> ofTheFile = get(instance, "nas.example.com");
      CompletableFuture<String> ofTheOther = get(instance, "shop.example.com");
      await()
          .until(
              () ->
                  readiness(instance)
                      .equals("503 not ready\nstarting\nDocker Swarm: no answer yet\n"));
      assertThat(instance.areAllRoutesKnown()).isFalse();
      assertThat(start).isNotDone();
      assertThat(ofTheFile).isNotDone();
      assertThat(ofTheOther).isNotDone();

      dockerAnswers.countDown();
      start.get(60, TimeUnit.SECONDS);
      assertThat(ofTheOther.get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 204 ");
      assertThat(ofTheFile.get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 204 ");
      await().until(() -> readiness(instance).startsWith("200 ready"));
      await().until(instance::areAllRoutesKnown);
    }
  }

  @Test
  void whatIsKnownIsServedWhenDockerDoesNotAnswerInTime() throws Exception {
    try (ServerSocket accepts = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Settings settings = settings("docker.endpoint", "tcp://127.0.0.1:" + accepts.getLocalPort());
      try (Instance instance = new Instance(settings, Instance.providers(settings), noLog())) {
        CompletableFuture<Void> start = serve(instance, Duration.ofSeconds(2));
        CompletableFuture<String> answer = get(instance, "nas.example.com");
        await().until(() -> readiness(instance).contains("Docker Swarm: no answer yet"));
        assertThat(answer).isNotDone();

        start.get(60, TimeUnit.SECONDS);
        assertThat(answer.get(60, TimeUnit.SECONDS)).startsWith("HTTP/1.1 204 ");
        assertThat(readiness(instance)).startsWith("200 ready\nDocker Swarm: ");
        assertThat(instance.areAllRoutesKnown())
            .as("what Docker would say may be wanted, too")
            .isFalse();
      }
    }
  }

  private static CompletableFuture<Void> serve(Instance instance, Duration warmUp) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            instance.serve(warmUp);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        VIRTUAL);
  }

  /** The head of an answer on the plain port; the client connects at once and waits. */
  private static CompletableFuture<String> get(Instance instance, String host) {
    InetSocketAddress address = instance.httpAddress();
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            String request =
                "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        },
        VIRTUAL);
  }

  private static String readiness(Instance instance) throws IOException {
    URI page = URI.create("http://127.0.0.1:" + instance.adminAddress().getPort() + "/readyz");
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    int status = connection.getResponseCode();
    var body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return status + " " + new String(body.readAllBytes(), UTF_8);
  }

  /** A service of the file, and what is to be different. */
  private Settings settings(String key, String value) throws IOException {
    Path file = folder.resolve("fairlead.yml");
    Files.writeString(
        file,
        """
        listeners: {http: "127.0.0.1:0", https: "127.0.0.1:0", admin: "127.0.0.1:0"}
        storage: {path: %s}
        file: {poll: 100ms}
        services:
          nas: {host: nas.example.com, tls: local, redirect: off, endpoints: ["127.0.0.1:%d"]}
        """
            .formatted(folder.resolve("storage"), app.getAddress().getPort()));
    return switch (SettingsLoader.load(Optional.of(file), Map.of(), Map.of(key, value))) {
      case Parsed.Valid<Settings>(Settings valid) -> valid;
      case Parsed.Invalid<Settings>(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static PrintStream noLog() {
    return new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
  }

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Finds one service, as soon as the test lets it. */
  private final class SlowDocker implements Provider {

    @Override
    public String name() {
      return "Docker Swarm";
    }

    @Override
    public void start(Runnable wake) {}

    @Override
    public Discovery look() {
      try {
        dockerAnswers.await();
      } catch (InterruptedException e) {
        return new Discovery.Failed("interrupted");
      }
      EndpointSpec endpoint = new EndpointSpec("127.0.0.1", app.getAddress().getPort());
      RouteSpec route =
          new RouteSpec(
              "shop",
              HostPattern.parse("shop.example.com").orElseThrow(),
              PathPrefix.ROOT,
              false,
              "shop:80",
              TlsMode.LOCAL,
              false,
              RouteLimits.NONE);
      FoundService shop =
          new FoundService(
              "id of shop",
              "shop",
              Instant.EPOCH,
              List.of(route),
              List.of(new ClusterSpec("shop:80", Balance.P2C, List.of(endpoint))));
      return new Discovery.Complete(List.of(shop), List.of());
    }

    @Override
    public Duration pause() {
      return NEVER;
    }

    @Override
    public void close() {}
  }
}
