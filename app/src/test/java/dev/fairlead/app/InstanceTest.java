package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole instance with services from a file. */
final class InstanceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");
  private HttpServer app = noServer();

  @BeforeEach
  void startApp() throws IOException {
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          byte[] body = "hello from the app".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    app.start();
  }

  @AfterEach
  void stopApp() {
    app.stop(0);
  }

  @Test
  void routesFollowTheFileAndABadOneLosesNothing() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(running.get("shop.example.com", "/")).endsWith("hello from the app");
      assertThat(running.get("other.example.com", "/")).startsWith("HTTP/1.1 404 ");

      services("store.example.com", "redirect: off");
      await().atMost(LIMIT).until(() -> running.get("store.example.com", "/").contains(" 200 "));
      assertThat(running.get("shop.example.com", "/")).startsWith("HTTP/1.1 404 ");

      services("third.example.com", "redirct: off");
      await().atMost(LIMIT).until(() -> running.admin("/readyz").contains("redirct"));
      assertThat(running.admin("/readyz")).startsWith("200 ready").contains("redirect");
      assertThat(running.get("store.example.com", "/")).endsWith("hello from the app");
    }
  }

  @Test
  void everyExchangeIsALineWithoutItsQuery() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      running.get("shop.example.com", "/page?token=secret");
      await().atMost(LIMIT).until(() -> running.accessLog().contains("/page"));
      assertThat(running.accessLog())
          .contains(" 200 ", "GET http://shop.example.com/page", "from 127.0.0.1:")
          .doesNotContain("secret");
    }
  }

  @Test
  void plainRequestsAreSentToHttps() throws Exception {
    Path file = services("shop.example.com", "balance: p2c");
    try (RunningInstance running =
        new RunningInstance(
            file, TestSettings.flags(folder, "listeners.public-https-port", "444"))) {
      assertThat(running.get("shop.example.com", "/a?b=c"))
          .startsWith("HTTP/1.1 308 ")
          .containsIgnoringCase("location: https://shop.example.com:444/a?b=c");
    }
  }

  @Test
  void anUnusableStorageIsSaidAndServingGoesOn() throws Exception {
    Path notAFolder = Files.writeString(folder.resolve("file"), "in the way");
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running =
        new RunningInstance(
            file, TestSettings.flags(folder, "storage.path", notAFolder.toString()))) {
      assertThat(running.get("shop.example.com", "/")).endsWith("hello from the app");
      await().atMost(LIMIT).until(() -> running.admin("/readyz").contains(notAFolder.toString()));
      assertThat(running.admin("/readyz")).startsWith("200 ready");
      assertThat(Files.readString(notAFolder)).isEqualTo("in the way");
    }
  }

  @Test
  void clientsStayWithTheirTaskWhenAnotherInstanceTakesOver() throws Exception {
    Path file = services("shop.example.com", "redirect: off\n    sticky: true");
    String cookie;
    try (RunningInstance before = new RunningInstance(file, TestSettings.flags(folder))) {
      cookie = cookieOf(before.get("shop.example.com", "/"));
    }
    try (RunningInstance after = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(after.get("shop.example.com", "/", "Cookie: " + cookie))
          .contains(" 200 ")
          .doesNotContainIgnoringCase("set-cookie");
      assertThat(cookieOf(after.get("shop.example.com", "/", "Cookie: " + cookie + "x")))
          .isEqualTo(cookie);
    }
  }

  private static String cookieOf(String answer) {
    return answer
        .lines()
        .filter(line -> line.regionMatches(true, 0, "set-cookie:", 0, 11))
        .findFirst()
        .orElseThrow()
        .substring(11)
        .strip()
        .replaceFirst(";.*", "");
  }

  @Test
  void theAdminPortAnswersItsPagesAlone() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(running.admin("/healthz")).isEqualTo("200 ok\n");
      assertThat(running.admin("/readyz")).startsWith("200 ready");
      assertThat(running.admin("/healthzz")).startsWith("404 ");
      assertThat(running.admin("/metrics")).startsWith("200 # HELP ");
      assertThat(running.admin("/metrics/more")).startsWith("404 ");
      assertThat(running.admin("/")).startsWith("404 ");
    }
  }

  @Test
  void metricsCountWhatVisitorsDoAndKnowTheCertificates() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(running.admin("/metrics"))
          .contains("\nfairlead_endpoint_requests_total 0\n", "\nfairlead_draining 0\n");
      running.get("shop.example.com", "/");
      running.get("shop.example.com", "/");
      String page = running.admin("/metrics");
      assertThat(page)
          .contains(
              "\nfairlead_client_connections_accepted_total 2\n",
              "\nfairlead_endpoint_requests_total 2\n",
              "\nfairlead_certificates{ca=\"local\"} 1\n",
              "\nfairlead_certificate_not_after_timestamp_seconds"
                  + "{name=\"shop.example.com\",ca=\"local\"} ");
      assertThat(page.substring("200 ".length()).lines())
          .as("each line as the format has it")
          .allMatch(InstanceTest::isOfTheFormat);
    }
  }

  @Test
  void metricsTellHowManyRequestsWereSentOnUsedConnections() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(running.admin("/metrics"))
          .contains("\nfairlead_endpoint_connections_reused_total 0\n");
      running.get("shop.example.com", "/");
      assertThat(running.admin("/metrics"))
          .contains(
              "\nfairlead_endpoint_requests_total 1\n",
              "\nfairlead_endpoint_connections_opened_total 1\n",
              "\nfairlead_endpoint_connections_reused_total 0\n");
      // Each event loop has connections of its own.
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                running.get("shop.example.com", "/");
                return running
                    .admin("/metrics")
                    .contains("\nfairlead_endpoint_connections_reused_total 1\n");
              });
    }
  }

  @Test
  void everyMetricIsOnItsPage() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    Pattern row = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (gauge|counter) \\|");
    Pattern type = Pattern.compile("(?m)^# TYPE ([a-z_]+) (gauge|counter)$");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder))) {
      assertThat(all(row, Files.readString(Path.of("..", "docs", "metrics.md"))))
          .containsExactlyInAnyOrderElementsOf(all(type, running.admin("/metrics")));
    }
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(each -> each.group(1) + " " + each.group(2))
        .toList();
  }

  private static boolean isOfTheFormat(String line) {
    return line.matches("# HELP [a-z_]+ [^\\\\]+")
        || line.matches("# TYPE [a-z_]+ (counter|gauge)")
        || line.matches("[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\\})? \\d+");
  }

  @Test
  void anInstanceThatStopsIsNotReadyAndFollowsItsRoutesToTheEnd() throws Exception {
    Path file = services("shop.example.com", "redirect: off");
    try (RunningInstance running =
        new RunningInstance(file, TestSettings.flags(folder, "timeouts.drain", "1m"))) {
      Thread stop = Thread.ofVirtual().start(running.instance()::close);
      await().atMost(LIMIT).until(() -> running.admin("/readyz").startsWith("503 not ready"));
      assertThat(running.admin("/readyz")).contains("stopping");
      assertThat(running.admin("/healthz")).isEqualTo("200 ok\n");
      assertThat(running.get("shop.example.com", "/")).contains("Connection: close");

      services("store.example.com", "redirect: off");
      await().atMost(LIMIT).until(() -> running.get("store.example.com", "/").contains(" 200 "));
      // Whoever is in a hurry.
      stop.interrupt();
      stop.join();
    }
  }

  private Path services(String host, String more) throws IOException {
    String yaml =
        """
        services:
          shop:
            host: %s
            tls: local
            %s
            endpoints: ["127.0.0.1:%d"]
        """
            .formatted(host, more, app.getAddress().getPort());
    return Files.writeString(folder.resolve("fairlead.yml"), yaml);
  }

  private static HttpServer noServer() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
