package dev.fairlead.conformance.slow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.conformance.testing.NginxOrigin;
import dev.fairlead.conformance.testing.Program;
import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * slowhttptest in all its modes with 1,000 connections, against a proxy with the time limits that
 * it has by default, before a real nginx: a fresh client is answered within a second all the while.
 */
class SlowClientsTest {

  private static final int CONNECTIONS = 1_000;
  private static final Duration AT_MOST = Duration.ofSeconds(1);

  private static final TimeoutSettings DEFAULT_LIMITS =
      new TimeoutSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          Duration.ofSeconds(9));

  /** What the slow ones do, and how slowhttptest is told. */
  enum Mode {
    SLOW_HEADERS("/", "-H -i 2"),
    SLOW_BODY("/", "-B -i 2 -s 8192"),
    MANY_RANGES("/large", "-R -t HEAD -a 10 -b 3000"),
    SLOW_READ("/large", "-X -w 512 -y 1024 -n 2 -z 32 -k 3");

    private final String path;
    private final String options;

    Mode(String path, String options) {
      this.path = path;
      this.options = options;
    }
  }

  @TempDir private Path folder;

  // As in the image: a stack trace for each touch of each buffer takes longer than all the rest.
  @BeforeAll
  static void measureWhatIsShipped() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterAll
  static void lookForLeaksAgain() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void freshClientsAreAnsweredWithinASecond(Mode mode) throws Exception {
    // To take little it makes its buffers so small that it shakes hands only 25 times a second.
    check(mode, mode != Mode.SLOW_READ, 20);
  }

  /** The same at both ports, and three times as long. */
  @ParameterizedTest
  @EnumSource
  @Tag("long")
  @Timeout(240)
  void freshClientsAreAnsweredWithinASecondForAMinute(Mode mode) throws Exception {
    check(mode, true, 60);
    check(mode, false, 60);
  }

  private void check(Mode mode, boolean tls, int seconds) throws Exception {
    try (NginxOrigin app = app();
        ProxyFixture proxy = proxy(app, 10 * CONNECTIONS)) {
      Prober.Seen seen =
          new Prober(proxy, "127.0.0.1").during(() -> attack(mode, proxy, tls, seconds));

      System.out.printf("slowhttptest, %s, %s: %s%n", mode, tls ? "TLS" : "plain", seen);
      assertThat(seen.ofOthers()).isGreaterThanOrEqualTo(CONNECTIONS);
      assertThat(seen.failures()).isEmpty();
      assertThat(seen.slowest()).isLessThan(AT_MOST);
    }
  }

  @Test
  @Timeout(120)
  void oneClientWithAllTheConnectionsThatItMayHaveLeavesTheOthersAlone() throws Exception {
    try (NginxOrigin app = app();
        ProxyFixture proxy = proxy(app, CONNECTIONS / 2)) {
      Prober.Seen seen =
          new Prober(proxy, "127.0.0.2").during(() -> attack(Mode.SLOW_BODY, proxy, false, 10));

      System.out.println("slowhttptest, twice as many as one client may have: " + seen);
      assertThat(seen.ofOthers()).isGreaterThanOrEqualTo(CONNECTIONS);
      assertThat(seen.failures()).isEmpty();
      assertThat(seen.slowest()).isLessThan(AT_MOST);
      assertThat(seen.mostConnections()).isBetween(CONNECTIONS / 2, CONNECTIONS / 2 + 10);
    }
  }

  private NginxOrigin app() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("large"), "x".repeat(1_000_000));
    // What it passes on to itself it reads whole before.
    return NginxOrigin.start(
        folder,
        """
        location = / { proxy_pass http://127.0.0.1:$server_port/small; }
        location = /small { return 200 small; }
        """);
  }

  private static ProxyFixture proxy(NginxOrigin app, int perClient) {
    return ProxyFixture.builder()
        .timeouts(DEFAULT_LIMITS)
        .connections(10 * CONNECTIONS, perClient)
        .start(spec -> spec.route("127.0.0.1", app.endpoint()).route("a.test", app.endpoint()));
  }

  private void attack(Mode mode, ProxyFixture proxy, boolean tls, int seconds) throws Exception {
    String url =
        tls ? "https://127.0.0.1:" + proxy.httpsPort() : "http://127.0.0.1:" + proxy.httpPort();
    String options =
        "%s -c %d -r 200 -l %d -u %s%s"
            .formatted(mode.options, CONNECTIONS, seconds, url, mode.path);
    Program.installed("slowhttptest", "slowhttptest")
        .run(folder, Duration.ofSeconds(seconds + 30L), options.split(" ", -1));
  }
}
