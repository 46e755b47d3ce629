package dev.fairlead.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.interop.Curl.Transfer;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How curl uses its connections, and what it may say on them. */
class CurlConnectionsTest {

  private static int transfers;

  @TempDir private Path folder;
  private CurlBed bed;

  @BeforeAll
  static void look() {
    CurlBed.look();
  }

  @BeforeEach
  void start() throws IOException {
    bed = new CurlBed(folder);
  }

  @AfterEach
  void stop() {
    transfers += bed.transfers();
    bed.close();
  }

  @AfterAll
  static void count() {
    System.out.println("curl, connections: " + transfers + " transfers");
  }

  @ParameterizedTest
  @EnumSource
  void oneConnectionServesManyRequests(HttpVersion version) throws Exception {
    String url = bed.proxy().https("a.test", "/large").toString();
    Curl.Ended ended =
        bed.run(
            version, "--head", url, url, url, "--output", "1", "--output", "2", "--output", "3");

    assertThat(ended.transfers()).hasSize(3).allMatch(one -> one.status() == 200);
    assertThat(ended.transfers().stream().mapToInt(Transfer::connections).sum())
        .isEqualTo(version == HttpVersion.HTTP_1_0 ? 3 : 1);
  }

  @Test
  void aHundredFilesComeAtATimeOverOneConnection() throws Exception {
    for (int i = 1; i <= 100; i++) {
      Files.writeString(folder.resolve("files/f" + i), ("file " + i + "\n").repeat(i * 100));
    }
    Curl.Ended ended =
        bed.run(
            HttpVersion.HTTP_2,
            "--parallel",
            "--parallel-max",
            "100",
            "--output",
            "copy-#1",
            bed.proxy().https("a.test", "/f") + "[1-100]");

    assertThat(ended.transfers()).hasSize(100).allMatch(one -> one.status() == 200);
    assertThat(ended.transfers().stream().mapToInt(Transfer::connections).sum()).isEqualTo(1);
    for (int i = 1; i <= 100; i++) {
      CurlBed.assertSame(folder.resolve("copy-" + i), folder.resolve("files/f" + i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProxyProtocolStandsBeforeTls(HttpVersion version) throws Exception {
    try (ProxyFixture trusting =
        ProxyFixture.builder()
            .trusting("127.0.0.0/8")
            .proxyProtocol()
            .start(spec -> spec.route("a.test", bed.nginx().endpoint()))) {
      Curl behind = new Curl(trusting, folder);
      String url = trusting.https("a.test", "/large").toString();

      assertThat(behind.run(version.option(), "--haproxy-protocol", "--output", "copy", url).only())
          .isEqualTo(CurlBed.answered(200, version));
      CurlBed.assertSame(folder.resolve("copy"), bed.large());
      // Without it there is no connection: the header is not optional.
      assertThat(behind.run(version.option(), "--output", "copy", url).only().status()).isZero();
    }
  }

  @Test
  void thePlainPortSpeaksNoHttp2ButAnswersWhoAsksForIt() throws Exception {
    String url = bed.proxy().http("a.test", "/large").toString();

    Transfer upgrade = bed.run(HttpVersion.HTTP_2, "--output", "copy", url).only();
    assertThat(upgrade.status()).isEqualTo(200);
    assertThat(upgrade.version()).isEqualTo("1.1");
    CurlBed.assertSame(folder.resolve("copy"), bed.large());

    Curl.Ended prior = bed.curl().run("--http2-prior-knowledge", "--output", "none", url);
    assertThat(prior.only().status()).isZero();
    assertThat(prior.status()).isNotZero();
  }
}
