package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.testing.NginxOrigin;
import dev.fairlead.conformance.testing.Program;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nghttp, the client of nghttp2, with what HTTP/2 allows and few clients do. */
class NghttpTest {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** Of a line of its statistics: the status, after a time in any unit. */
  private static final Pattern STATUS =
      Pattern.compile("(?m)^ *\\d+ +\\+\\S+ +\\+\\S+ +\\S+ +(\\d{3}) ");

  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir private Path folder;
  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private Origin app;
  private NginxOrigin nginx;
  private ProxyFixture proxy;
  private Path large;

  @BeforeAll
  static void look() {
    Program.installed("nghttp", "nghttp2-client");
    Program.installed("nginx", "nginx-light");
  }

  @BeforeEach
  void start() throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.createDirectories(files.resolve("uploads"));
    large = Files.writeString(files.resolve("large"), lines(100_000));
    Files.writeString(files.resolve("small"), "small");
    nginx = NginxOrigin.start(folder, "location /uploads/ { dav_methods PUT; }");
    app =
        Origin.answering(
            (request, connection) -> {
              requests.add(request);
              Origin.ok(connection, "seen");
            });
    proxy =
        ProxyFixture.routing(
            spec ->
                spec.route("127.0.0.1", nginx.endpoint())
                    .route("127.0.0.1", "/app", false, app.endpoint()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    app.close();
    nginx.close();
  }

  @AfterAll
  static void count() {
    System.out.println("nghttp: " + RUNS + " runs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--no-push",
        "--no-dep",
        "--no-rfc7540-pri",
        "--padding=255",
        "--header-table-size=0",
        "--header-table-size=0 --header-table-size=65536",
        "--encoder-header-table-size=0",
        "--window-bits=8",
        "--connection-window-bits=16"
      })
  void manyRequestsAreAnsweredOnOneConnection(String options) throws Exception {
    String output =
        nghttp((options + " --null-out --stat --multiply=100").strip(), https("/small")).output();

    assertThat(statuses(output)).hasSize(100).containsOnly("200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--window-bits=10", "--window-bits=24 --connection-window-bits=16"})
  void windowsOfAnySizeLetAllOfABodyThrough(String options) throws Exception {
    assertThat(nghttp(options, https("/large")).output().strip())
        .isEqualTo(Files.readString(large).strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--padding=200", "--no-content-length", "--expect-continue --padding=1"})
  void anUploadArrivesWhole(String options) throws Exception {
    String output =
        nghttp(
                (options + " --null-out --verbose --header=:method:PUT --data=files/large").strip(),
                https("/uploads/copy"))
            .output();

    assertThat(output).contains(":status: 201");
    if (options.contains("expect")) {
      assertThat(output).contains(":status: 100");
    }
    assertThat(Files.mismatch(folder.resolve("files/uploads/copy"), large)).isEqualTo(-1);
  }

  @Test
  void trailersReachTheApp() throws Exception {
    String output =
        nghttp("--no-content-length --data=files/small --trailer=x-sum:5", https("/app")).output();

    assertThat(output).isEqualTo("seen");
    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst().body()).isEqualTo("small");
    assertThat(requests.getFirst().trailers()).containsExactly("x-sum: 5");
  }

  @Test
  void aHeadInSeveralFramesReachesTheApp() throws Exception {
    String output = nghttp("--continuation", https("/app")).output();

    assertThat(output).isEqualTo("seen");
    assertThat(requests).hasSize(1);
    for (int i = 1; i <= 6; i++) {
      assertThat(requests.getFirst().value("continuation-test-" + i)).matches("-{4000,}");
    }
  }

  @Test
  void thePlainPortRefusesHttp2InWords() throws Exception {
    String output = nghttp("--verbose", http("/small")).output();
    assertThat(output).contains("peer does not support HTTP/2");

    try (Wire client = proxy.connect()) {
      Message answer = client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.value("connection")).isEqualTo("close");
      client.awaitEnd();
    }
  }

  @Test
  void thePlainPortAnswersWhoOffersAnUpgrade() throws Exception {
    String output = nghttp("--verbose --upgrade", http("/small")).output();

    assertThat(output).contains("HTTP/1.1 200 OK", "small", "HTTP Upgrade failed");
  }

  private Program.Ended nghttp(String options, String url) throws Exception {
    RUNS.incrementAndGet();
    return Program.installed("nghttp", "nghttp2-client")
        .run(folder, LIMIT, (options + " --no-verify-peer " + url).strip().split(" ", -1));
  }

  private String https(String path) {
    return "https://127.0.0.1:" + proxy.httpsPort() + path;
  }

  private String http(String path) {
    return "http://127.0.0.1:" + proxy.httpPort() + path;
  }

  private static List<String> statuses(String output) {
    return STATUS.matcher(output).results().map(result -> result.group(1)).toList();
  }

  private static String lines(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("line ").append(i).append('\n');
    }
    return text.toString();
  }
}
