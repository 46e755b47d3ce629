package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole instances on one share: what one does there, and what they do without it. */
final class SharedStorageTest {

  private static final String HOST = "shop.example.com";
  private static final String PLAIN = "plain.example.com";
  private static final String TOKEN = "/.well-known/acme-challenge/token";
  private static final String BODY = "hello from the app";

  /** Nobody answers there: what is not stored is not to be had. */
  private static final URI CA = URI.create("https://127.0.0.1:1/dir");

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");
  private HttpServer app = noServer();
  private Path services = Path.of("");

  @BeforeEach
  void startApp() throws IOException {
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    app.start();
    services =
        Files.writeString(
            folder.resolve("fairlead.yml"),
            """
            services:
              shop:
                host: %1$s
                tls: acme
                endpoints: ["127.0.0.1:%2$d"]
              plain:
                host: %3$s
                tls: off
                endpoints: ["127.0.0.1:%2$d"]
            """
                .formatted(HOST, app.getAddress().getPort(), PLAIN));
  }

  @AfterEach
  void stopApp() {
    app.stop(0);
  }

  @Test
  void whatAnotherInstanceStoresIsServedAndOpenConnectionsGoOn() throws Exception {
    X509Certificate first = store();
    try (RunningInstance running = start();
        TlsVisitor visitor = new TlsVisitor(running.instance().httpsAddress(), HOST)) {
      assertThat(visitor.certificate()).isEqualTo(first);
      assertThat(visitor.get(BODY)).startsWith("HTTP/1.1 200 ");

      X509Certificate next = store();
      await().atMost(LIMIT).until(() -> certificate(running).equals(next));
      assertThat(visitor.get(BODY)).as("the same connection").startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aStartWithoutTheShareServesTheCopy() throws Exception {
    X509Certificate first = store();
    try (RunningInstance running = start()) {
      assertThat(certificate(running)).isEqualTo(first);
      await().atMost(LIMIT).until(() -> Files.exists(copied()));
    }

    Share share = new Share();
    share.hang();
    try (RunningInstance running = start("storage.timeout", "2s")) {
      assertThat(certificate(running)).isEqualTo(first);
      assertThat(running.admin("/readyz"))
          .startsWith("200 ready")
          .contains(
              "storage %s: no answer within 2s".formatted(storage()),
              "storage %s: cannot be used, so certificates are served from the copy in %s, and none is ordered"
                  .formatted(storage(), folder.resolve("copy")));
      try (TlsVisitor visitor = new TlsVisitor(running.instance().httpsAddress(), HOST)) {
        assertThat(visitor.get(BODY)).startsWith("HTTP/1.1 200 ");
        share.answer();
        X509Certificate next = store();
        await().atMost(LIMIT).until(() -> certificate(running).equals(next));
        assertThat(visitor.get(BODY)).as("the same connection").startsWith("HTTP/1.1 200 ");
      }
      await().atMost(LIMIT).until(() -> running.admin("/readyz").equals("200 ready\n"));
      assertThat(attempts()).as("written before an order begins").doesNotExist();
    }
  }

  @Test
  void clientsResumeAtTheInstanceThatTakesOver() throws Exception {
    assumeTrue(hasOpenssl(), "openssl is not installed (apt-get install openssl)");
    store();
    String session = folder.resolve("session").toString();
    try (RunningInstance before = start()) {
      assertThat(openssl(before, "-sess_out", session)).containsPattern("(?m)^New, TLSv1.3");
      assertThat(openssl(before, "-sess_in", session)).containsPattern("(?m)^Reused, TLSv1.3");
    }
    try (RunningInstance after = start()) {
      assertThat(openssl(after, "-sess_in", session)).containsPattern("(?m)^Reused, TLSv1.3");

      X509Certificate next = store();
      await().atMost(LIMIT).until(() -> certificate(after).equals(next));
      assertThat(openssl(after, "-sess_in", session)).containsPattern("(?m)^New, TLSv1.3");
    }
  }

  @Test
  void challengesAreNotLeftToTheAppWhileTheShareIsSilent() throws Exception {
    store();
    try (RunningInstance running = start("storage.timeout", "2s")) {
      InetSocketAddress https = running.instance().httpsAddress();
      assertThat(running.get(HOST, TOKEN)).as("not ours").startsWith("HTTP/1.1 308 ");
      assertThat(running.get(PLAIN, TOKEN)).endsWith(BODY);

      Share share = new Share();
      share.hang();
      assertThat(running.get(HOST, TOKEN))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("\r\nretry-after: 5\r\n")
          .endsWith("\r\n\r\nThe answer to this challenge could not be looked up.\n");
      assertThat(running.get(PLAIN, TOKEN)).as("has no certificate").endsWith(BODY);
      assertThatThrownBy(() -> new TlsVisitor(https, HOST, "acme-tls/1"))
          .isInstanceOf(IOException.class);

      share.answer();
      await().atMost(LIMIT).until(() -> running.get(HOST, TOKEN).startsWith("HTTP/1.1 308 "));
    }
  }

  @Test
  void aTokenIsTheAppsWhereHttpIsNotHowNamesAreShown() throws Exception {
    store();
    try (RunningInstance running =
        start("storage.timeout", "2s", "acme.challenge", "tls-alpn-01")) {
      Share share = new Share();
      share.hang();
      assertThat(running.get(HOST, TOKEN)).startsWith("HTTP/1.1 308 ");
      share.answer();
    }
  }

  private RunningInstance start(String... more) throws Exception {
    Map<String, String> flags = TestSettings.flags(folder, more);
    flags.put("acme.directory", CA.toString());
    flags.put("storage.copy", folder.resolve("copy").toString());
    return new RunningInstance(services, flags);
  }

  private static X509Certificate certificate(RunningInstance running) throws IOException {
    return TlsVisitor.certificate(running.instance().httpsAddress(), HOST);
  }

  /** Stores a new certificate as another instance does it. */
  private X509Certificate store() throws IOException, InterruptedException {
    Instant now = Instant.now();
    KeyPair key = Keys.newP256();
    HostPattern host = new HostPattern(false, HOST);
    X509Certificate certificate =
        new CertificateBuilder("test", key.getPublic(), now, Duration.ofDays(60))
            .name(host)
            .forServers()
            .selfSigned(key);
    try (Storage there =
        new Storage(new StorageSettings(storage(), Duration.ofMinutes(1)), StorageAccess.DIRECT)) {
      new CertificateStorage(there, CA)
          .save(host, new KeyAndChain(key.getPrivate(), List.of(certificate)), now);
    }
    return certificate;
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  private Path attempts() {
    return storage().resolve("certificates/" + HOST + "/127.0.0.1_1_dir/state.json");
  }

  private Path copied() {
    return folder.resolve("copy/certificates/" + HOST + "/127.0.0.1_1_dir/current/privkey.pem");
  }

  /** One request, and the session written after it, or used for it. */
  private String openssl(RunningInstance running, String... session) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-ign_eof", "-servername", HOST));
    command.addAll(List.of("-connect", "127.0.0.1:" + running.instance().httpsAddress().getPort()));
    command.addAll(List.of(session));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(
          "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(HOST)
              .getBytes(StandardCharsets.US_ASCII));
      in.flush();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(output).contains("HTTP/1.1 200 OK");
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean hasOpenssl() throws InterruptedException {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor(20, TimeUnit.SECONDS);
    } catch (IOException notInstalled) {
      return false;
    }
  }

  private static HttpServer noServer() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * A share whose server is gone: a pipe stands where everybody looks first, and a look hangs in
   * the kernel until somebody writes to it.
   */
  private final class Share {

    private final Path version = storage().resolve("version");
    private final Path kept = folder.resolve("version");
    private final Path pipe = folder.resolve("pipe");

    void hang() throws Exception {
      Files.move(version, kept);
      int ended = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
      assertThat(ended).as("mkfifo").isZero();
      Files.createLink(version, pipe);
    }

    void answer() throws IOException {
      Files.move(kept, version, StandardCopyOption.ATOMIC_MOVE);
      try (OutputStream letGo = Files.newOutputStream(pipe)) {
        letGo.flush();
      }
    }
  }
}
