package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole instance whose hosts are IP addresses. */
final class AddressHostsTest {

  @TempDir private Path folder = Path.of("");
  private HttpServer app = noServer();

  @BeforeEach
  void startApp() throws IOException {
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          byte[] body =
              exchange.getRequestHeaders().getFirst("Host").getBytes(StandardCharsets.UTF_8);
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
  void aClientOfAnAddressTrustsTheLocalCasCertificate() throws Exception {
    Path file = services("127.0.0.1");
    try (RunningInstance running = new RunningInstance(file, TestSettings.flags(folder));
        HttpClient client = HttpClient.newBuilder().sslContext(trustingTheLocalCa()).build()) {
      String authority = "127.0.0.1:" + running.instance().httpsAddress().getPort();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://" + authority + "/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo(authority);
    }
  }

  @Test
  void whoNamesNoHostGetsTheCertificateOfTheDefaultAddress() throws Exception {
    Path file = services("192.168.1.10, 2001:db8::1");
    try (RunningInstance running =
        new RunningInstance(
            file, TestSettings.flags(folder, "listeners.default-address", "[2001:DB8::1]"))) {
      assertThat(Names.hosts(TlsVisitor.certificate(running.instance().httpsAddress(), "")))
          .containsExactly(new HostPattern(false, "2001:db8::1"));
    }
  }

  private SSLContext trustingTheLocalCa() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    Path root = folder.resolve("storage/local-ca/current/ca.pem");
    trusted.setCertificateEntry("local", Pem.certificates(Files.readString(root)).getFirst());
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private Path services(String hosts) throws IOException {
    String yaml =
        """
        services:
          shop:
            host: "%s"
            tls: local
            endpoints: ["127.0.0.1:%d"]
        """
            .formatted(hosts, app.getAddress().getPort());
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
