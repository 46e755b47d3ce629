package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said in one sentence each, and nothing has been started. */
final class BadConfigurationTest {

  private static final int CONFIGURATION = 64;
  private static final int UNAVAILABLE = 69;

  @TempDir private Path folder = Path.of("");

  @Test
  void everyProblemIsOneLineAndNoPortWasBound() throws Exception {
    Path file = write("fairlead.yml", "docker: {pol: 1s}\nlog: {level: loud}\n");
    try (FairleadProcess process =
        FairleadProcess.start(
            folder,
            Map.of("FAIRLEAD_ACME_EMIAL", "me@example.com"),
            "run",
            "-c",
            file.toString())) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err())
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).contains("docker.pol").contains("docker.poll"),
              line -> assertThat(line).contains("log.level: loud (expected:"),
              line ->
                  assertThat(line)
                      .contains("FAIRLEAD_ACME_EMIAL")
                      .contains("FAIRLEAD_ACME_EMAIL")
                      .doesNotContain("me@example.com"));
      assertThat(process.out()).doesNotContain("listening");
    }
  }

  @Test
  void brokenYamlIsOneSentenceWithItsPlace() throws Exception {
    Path file = write("fairlead.yml", "docker:\n  poll: 1s\n poll: 2s\n");
    try (FairleadProcess process =
        FairleadProcess.start(folder, Map.of(), "run", "--config", file.toString())) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err()).singleElement().asString().contains("fairlead.yml").contains("3");
    }
  }

  @Test
  void anUnknownKeyOfAServiceIsNamedWithWhatWasMeant() throws Exception {
    Path file =
        write(
            "fairlead.yml",
            """
            docker: {enabled: false}
            services:
              shop: {host: shop.example.com, blance: p2c, endpoints: ["127.0.0.1:1"]}
            """);
    try (FairleadProcess process =
        FairleadProcess.start(folder, Map.of(), "run", "-c", file.toString())) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err())
          .singleElement()
          .asString()
          .contains("services.shop.blance")
          .contains("balance");
    }
  }

  @Test
  void nothingToRouteFromIsSaid() throws Exception {
    try (FairleadProcess process =
        FairleadProcess.start(folder, Map.of(), "run", "--docker.enabled=false")) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err()).singleElement().asString().contains("docker.enabled: false");
    }
  }

  @Test
  void anUnknownCommandIsSaid() throws Exception {
    try (FairleadProcess process = FairleadProcess.start(folder, Map.of(), "rum")) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err()).anySatisfy(line -> assertThat(line).contains("rum"));
    }
  }

  @Test
  void aTakenPortIsOneSentenceThatNamesIt() throws Exception {
    try (ServerSocket taken = takenPort()) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      for (String listener : new String[] {"http", "https", "admin"}) {
        Map<String, String> environment =
            TestSettings.environment(
                folder, "FAIRLEAD_LISTENERS_" + listener.toUpperCase(Locale.ROOT), address);
        try (FairleadProcess process = FairleadProcess.start(folder, environment)) {
          assertThat(process.exitCode()).isEqualTo(UNAVAILABLE);
          assertThat(process.err())
              .singleElement()
              .asString()
              .startsWith("listeners." + listener + ": " + address + " (expected: a free port");
        }
      }
    }
  }

  @Test
  void checkTellsWhatIsWrongInAComposeFile() throws Exception {
    Path file =
        write(
            "compose.yml",
            """
            services:
              shop:
                image: shop
                deploy: {labels: {fairlead.prot: "80"}}
            """);
    try (FairleadProcess process =
        FairleadProcess.start(folder, Map.of(), "check", file.toString())) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err())
          .singleElement()
          .asString()
          .contains("fairlead.prot")
          .contains("fairlead.port");
    }
  }

  @Test
  void checkTellsHowEachServiceIsReached() throws Exception {
    Path compose =
        write(
            "compose.yml",
            """
            services:
              shop: {image: shop, deploy: {labels: {fairlead.host: shop.example.com}}}
              old:
                image: old
                deploy: {labels: {fairlead.host: old.example.com, fairlead.tls: "off"}}
            """);
    Path own =
        write(
            "fairlead.yml",
            "services: {nas: {host: nas.example.com, endpoints: [\"192.168.1.10:5000\"]}}\n");
    try (FairleadProcess ofCompose =
            FairleadProcess.start(folder, Map.of(), "check", compose.toString());
        FairleadProcess ofOwn = FairleadProcess.start(folder, Map.of(), "check", own.toString())) {
      assertThat(ofCompose.exitCode()).isZero();
      assertThat(ofCompose.out().lines())
          .contains("https://shop.example.com/ → shop:80", "http://old.example.com/ → old:80");
      assertThat(ofOwn.exitCode()).isZero();
      assertThat(ofOwn.out().lines()).contains("https://nas.example.com/ → nas");
    }
  }

  @Test
  void checkSaysWhatStandsForTheDomain() throws Exception {
    Path compose =
        write(
            "compose.yml",
            "services: {shop: {image: shop, deploy: {labels: {fairlead.port: \"80\"}}}}\n");
    String hint = "domain.invalid: stands for your domain (expected: --domain or $FAIRLEAD_DOMAIN)";
    try (FairleadProcess without =
            FairleadProcess.start(folder, Map.of(), "check", compose.toString());
        FairleadProcess with =
            FairleadProcess.start(
                folder, Map.of(), "check", "--domain", "example.com", compose.toString())) {
      assertThat(without.exitCode()).isZero();
      assertThat(without.out().lines()).contains("https://shop.domain.invalid/ → shop:80", hint);
      assertThat(with.exitCode()).isZero();
      assertThat(with.out().lines())
          .contains("https://shop.example.com/ → shop:80")
          .doesNotContain(hint);
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static ServerSocket takenPort() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return socket;
  }
}
