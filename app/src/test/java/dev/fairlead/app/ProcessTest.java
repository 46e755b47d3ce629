package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Start, life and end of a process as Swarm sees it. */
final class ProcessTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern HTTP =
      Pattern.compile("listening on /(127\\.0\\.0\\.1:\\d+) for http");

  @TempDir private Path folder = Path.of("");

  @Test
  void withoutADockerSocketItSaysSoAnswers503AndEndsWith0AtSigterm() throws Exception {
    try (FairleadProcess process =
        FairleadProcess.start(folder, TestSettings.environment(folder))) {
      await().atMost(LIMIT).until(() -> process.out().contains("serving"));
      assertThat(process.out().lines())
          .filteredOn(line -> line.contains("docker.sock"))
          .singleElement()
          .asString()
          .contains("docker.sock");

      Matcher http = HTTP.matcher(process.out());
      assertThat(http.find()).isTrue();
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://" + http.group(1) + "/").toURL().openConnection();
      assertThat(connection.getResponseCode()).isEqualTo(503);
      assertThat(connection.getHeaderField("Retry-After")).isNotNull();

      process.terminate();
      assertThat(process.exitCode()).isZero();
      assertThat(process.out()).contains("stopped");
      assertThat(process.err()).isEmpty();
    }
  }

  @Test
  void aSecondSigtermChangesNothing() throws Exception {
    Map<String, String> environment =
        TestSettings.environment(folder, "FAIRLEAD_TIMEOUTS_DRAIN", "6s");
    try (FairleadProcess process = FairleadProcess.start(folder, environment)) {
      await().atMost(LIMIT).until(() -> process.out().contains("serving"));
      Matcher http = HTTP.matcher(process.out());
      assertThat(http.find()).isTrue();
      URI uri = URI.create("http://" + http.group(1) + "/");

      process.terminate();
      await().atMost(LIMIT).until(() -> process.out().contains("stopping"));
      process.terminate();
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      assertThat(connection.getResponseCode()).isEqualTo(503);
      assertThat(connection.getHeaderField("Connection")).isEqualTo("close");
      assertThat(process.exitCode()).isZero();
      assertThat(process.out()).contains("the ports are closed", "stopped");
      assertThat(process.err()).isEmpty();
    }
  }

  @Test
  void aSigtermDuringTheStartEndsItWith0AtOnce() throws Exception {
    try (FairleadProcess process =
        FairleadProcess.start(folder, TestSettings.environment(folder))) {
      await().atMost(LIMIT).until(() -> process.out().contains("listening"));
      process.terminate();
      assertThat(process.exitCode()).isZero();
      assertThat(process.out()).contains("stopped").doesNotContain("serving");
      assertThat(process.err()).isEmpty();
    }
  }

  @Test
  void theDemoRemovesItsFolderHoweverEarlyItIsStopped() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    try (FairleadProcess process =
        FairleadProcess.start(
            folder, environment, "demo", "--http-port", "0", "--https-port", "0")) {
      await().atMost(LIMIT).until(() -> hasDemo(temporary));
      process.terminate();
      assertThat(process.exitCode()).isZero();
      assertThat(hasDemo(temporary)).isFalse();
    }
  }

  private static boolean hasDemo(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().startsWith("fairlead-demo"));
    }
  }

  @Test
  void versionIsTheBuilds() throws Exception {
    try (FairleadProcess process = FairleadProcess.start(folder, Map.of(), "version")) {
      assertThat(process.exitCode()).isZero();
      assertThat(process.out())
          .matches("fairlead \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java 2[5-9].*\\)\\R");
    }
  }

  @Test
  void helpListsTheCommandsAndEachSettingAsAFlag() throws Exception {
    try (FairleadProcess all = FairleadProcess.start(folder, Map.of(), "--help");
        FairleadProcess run = FairleadProcess.start(folder, Map.of(), "run", "--help")) {
      assertThat(all.exitCode()).isZero();
      assertThat(all.out()).contains("run", "demo", "check", "health", "alerts", "version");
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .startsWith("Usage: fairlead run [OPTIONS]")
          .contains("--acme.email=VALUE", "--docker.poll=VALUE");
    }
  }

  @Test
  void healthSaysNoWhenNobodyIsThere() throws Exception {
    Map<String, String> environment =
        TestSettings.environment(folder, "FAIRLEAD_LISTENERS_ADMIN", "127.0.0.1:1");
    try (FairleadProcess process = FairleadProcess.start(folder, environment, "health")) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.err()).singleElement().asString().startsWith("no answer at 127.0.0.1:1");
    }
  }

  @Test
  void aTestOfAlertsSaysWhatEachChannelAnswered() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/taken", exchange -> answer(exchange, 200, "thanks"));
    server.createContext("/refused", exchange -> answer(exchange, 403, "not you"));
    server.start();
    String host = "http://127.0.0.1:" + server.getAddress().getPort();
    Map<String, String> taken = TestSettings.environment(folder);
    taken.put("FAIRLEAD_ALERTS_WEBHOOK_URL", host + "/taken");
    Map<String, String> refused = TestSettings.environment(folder);
    Path url = Files.writeString(folder.resolve("url"), host + "/refused\n");
    refused.put("FAIRLEAD_ALERTS_WEBHOOK_URL_FILE", url.toString());
    try (FairleadProcess good = FairleadProcess.start(folder, taken, "alerts", "test");
        FairleadProcess bad = FairleadProcess.start(folder, refused, "alerts", "test");
        FairleadProcess none =
            FairleadProcess.start(folder, TestSettings.environment(folder), "alerts", "test")) {
      assertThat(good.exitCode()).isZero();
      assertThat(good.out()).isEqualTo("webhook at 127.0.0.1: HTTP 200 thanks\n");
      assertThat(bad.exitCode()).isEqualTo(1);
      assertThat(bad.out()).isEqualTo("webhook at 127.0.0.1: not taken: HTTP 403 not you\n");
      assertThat(none.exitCode()).isEqualTo(64);
      assertThat(none.err()).singleElement().asString().startsWith("alerts: nobody is told");
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void theDemoShowsBothBackendsTakingTurnsAndStopsCleanly() throws Exception {
    try (FairleadProcess process =
        FairleadProcess.start(folder, Map.of(), "demo", "--http-port", "0", "--https-port", "0")) {
      await().atMost(LIMIT).until(() -> process.out().contains("Ctrl-C"));
      assertThat(process.out().lines().filter(line -> line.endsWith(": backend one"))).hasSize(2);
      assertThat(process.out().lines().filter(line -> line.endsWith(": backend two"))).hasSize(2);
      assertThat(process.out()).contains("curl --cacert ", "https://whoami.localhost:");

      process.terminate();
      assertThat(process.exitCode()).isZero();
      assertThat(process.err()).isEmpty();
    }
  }
}
