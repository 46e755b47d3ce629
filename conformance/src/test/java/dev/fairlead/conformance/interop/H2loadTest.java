package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.testing.NginxOrigin;
import dev.fairlead.conformance.testing.Program;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** h2load: 10,000 requests over 10 connections, and every one of them is answered. */
class H2loadTest {

  private static final Duration LIMIT = Duration.ofSeconds(50);

  /** What is asked for, and how; the files are in the folder where it runs. */
  enum Load {
    GETS("/small", true, "--max-concurrent-streams=32"),
    UPLOADS("/upload", true, "--max-concurrent-streams=32 --data=files/upload"),
    GETS_BY_HTTP_1("/small", true, "--h1"),
    GETS_AT_THE_PLAIN_PORT("/small", false, "--h1");

    private final String path;
    private final boolean tls;
    private final String options;

    Load(String path, boolean tls, String options) {
      this.path = path;
      this.tls = tls;
      this.options = options;
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyRequestIsAnswered(Load load) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("small"), "small");
    Files.writeString(files.resolve("upload"), "x".repeat(10_000));
    // What it passes on to itself it reads whole before.
    try (NginxOrigin nginx =
            NginxOrigin.start(
                folder,
                """
                location = /upload { proxy_pass http://127.0.0.1:$server_port/taken; }
                location = /taken { return 200 taken; }
                """);
        ProxyFixture proxy =
            ProxyFixture.routing(spec -> spec.route("127.0.0.1", nginx.endpoint()))) {
      String url =
          load.tls
              ? "https://127.0.0.1:" + proxy.httpsPort()
              : "http://127.0.0.1:" + proxy.httpPort();
      String output =
          Program.installed("h2load", "nghttp2-client")
              .run(
                  folder,
                  LIMIT,
                  ("--requests=10000 --clients=10 " + load.options + " " + url + load.path)
                      .split(" ", -1))
              .output();

      String counts = line(output, "requests: ");
      System.out.println("h2load, " + load + ": " + counts);
      assertThat(counts)
          .isEqualTo(
              "requests: 10000 total, 10000 started, 10000 done, 10000 succeeded, 0 failed,"
                  + " 0 errored, 0 timeout");
      assertThat(line(output, "status codes: "))
          .isEqualTo("status codes: 10000 2xx, 0 3xx, 0 4xx, 0 5xx");
    }
  }

  private static String line(String output, String start) {
    return output.lines().filter(line -> line.startsWith(start)).findFirst().orElse(output);
  }
}
