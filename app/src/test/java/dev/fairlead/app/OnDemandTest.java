package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole instance, and clients who come for names below a wildcard. */
final class OnDemandTest {

  /** Nobody answers there: what is not stored is not to be had. */
  private static final URI CA = URI.create("https://127.0.0.1:1/dir");

  private static final String CUSTOMER = "customer.example.com";

  @TempDir private Path folder = Path.of("");
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private HttpServer app = noServer();
  private Path services = Path.of("");

  @BeforeEach
  void startApp() throws IOException {
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          questions.add(String.valueOf(exchange.getRequestURI()));
          boolean yes = exchange.getRequestURI().getQuery().equals("domain=" + CUSTOMER);
          exchange.sendResponseHeaders(yes ? 200 : 404, -1);
          exchange.close();
        });
    app.start();
    services =
        Files.writeString(
            folder.resolve("fairlead.yml"),
            """
            services:
              shop:
                host: "*.example.com"
                tls.on-demand: true
                tls.on-demand.ask: http://127.0.0.1:%1$d/allowed
                endpoints: ["127.0.0.1:%1$d"]
            """
                .formatted(app.getAddress().getPort()));
  }

  @AfterEach
  void stopApp() {
    app.stop(0);
  }

  private static HttpServer noServer() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theFirstHandshakeForANameThatIsAllowedWaitsForItsCertificate() throws Exception {
    X509Certificate stored = store();
    try (RunningInstance running =
        new RunningInstance(
            services, TestSettings.flags(folder, "acme.directory", CA.toString()))) {
      X509Certificate wildcard = certificate(running, "nobody.example.com");
      assertThat(wildcard.getIssuerX500Principal().getName()).contains("Fairlead");
      assertThat(wildcard.getSubjectAlternativeNames().toString()).contains("*.example.com");

      assertThat(certificate(running, CUSTOMER)).isEqualTo(stored);
      assertThat(certificate(running, CUSTOMER)).isEqualTo(stored);
      assertThat(certificate(running, "nobody.example.com")).isEqualTo(wildcard);
      // what is for no name comes a second after the first certificates
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> !certificate(running, "a." + CUSTOMER).equals(wildcard));
      assertThat(questions)
          .containsExactly(
              "/allowed?domain=nobody.example.com", "/allowed?domain=customer.example.com");
      assertThat(running.admin("/metrics"))
          .contains(
              "\nfairlead_on_demand_names 1\n",
              "\nfairlead_on_demand_handshakes_total{result=\"allowed\"} 1\n",
              "\nfairlead_on_demand_handshakes_total{result=\"refused\"} 2\n",
              "\nfairlead_certificate_not_after_timestamp_seconds{name=\"customer.example.com\"");
    }
    try (RunningInstance next =
        new RunningInstance(
            services, TestSettings.flags(folder, "acme.directory", CA.toString()))) {
      assertThat(certificate(next, CUSTOMER)).isEqualTo(stored);
      assertThat(questions).as("nobody was asked again").hasSize(2);
    }
  }

  private static X509Certificate certificate(RunningInstance running, String host)
      throws IOException {
    return TlsVisitor.certificate(running.instance().httpsAddress(), host);
  }

  /** As if another instance had ordered it. */
  private X509Certificate store() throws IOException, InterruptedException {
    KeyPair key = Keys.newP256();
    HostPattern host = new HostPattern(false, CUSTOMER);
    Instant now = Instant.now();
    X509Certificate certificate =
        new CertificateBuilder("test", key.getPublic(), now, Duration.ofDays(60))
            .name(host)
            .forServers()
            .selfSigned(key);
    try (Storage there =
        new Storage(
            new StorageSettings(folder.resolve("storage"), Duration.ofSeconds(5)),
            StorageAccess.DIRECT)) {
      new CertificateStorage(there, CA)
          .save(host, new KeyAndChain(key.getPrivate(), List.of(certificate)), now);
    }
    return certificate;
  }
}
