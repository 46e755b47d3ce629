package dev.fairlead.acme.issue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/** What a newcomer reads of a CA that is not reached, with real servers in its place. */
class UnreachableTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final HostPattern LOCAL = new HostPattern(false, "127.0.0.1");

  @TempDir Path directory;
  private @Nullable HttpsServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void whereNobodyListensItNamesThePortThatHasToBeReached() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("https://127.0.0.1:%d/dir".formatted(socket.getLocalPort()));
    }

    assertThat(said(nobody, Optional.empty()))
        .startsWith("the CA at %s cannot be reached: ConnectException".formatted(nobody))
        .contains("(expected: a way from this machine to 127.0.0.1:%d,".formatted(nobody.getPort()))
        .endsWith("nothing, when only the CA is down)");
  }

  @Test
  void anAddressWithoutAPortIsThatOfHttps() {
    URI ca = URI.create("https://acme.example.org/directory");

    assertThat(Unreachable.sentence(ca, new AcmeNetworkException(new ConnectException())))
        .contains("cannot be reached: ConnectException (expected: ", "acme.example.org:443,");
  }

  @Test
  void aNameThatDnsDoesNotKnowIsSaidToBeOne() {
    IOException unknown = new ConnectException();
    unknown.initCause(new ConnectException().initCause(new UnresolvedAddressException()));

    assertThat(
            Unreachable.sentence(
                URI.create("https://acme.example.org/"), new AcmeNetworkException(unknown)))
        .isEqualTo(
            "the CA at https://acme.example.org/ cannot be reached: ConnectException"
                + " UnresolvedAddressException (expected: the DNS of this machine knows"
                + " acme.example.org, or another acme.directory)");
  }

  @Test
  void aCaThatIsNotTrustedNamesTheSettingOfItsRoot() throws Exception {
    serve(Instant.now().minus(DAY), DAY.multipliedBy(2), LOCAL);

    assertThat(said(address(), Optional.empty()))
        .contains("cannot be reached: SSLHandshakeException ")
        .endsWith(" (expected: a CA that the JDK trusts, or acme.ca-root with its root)");
  }

  @Test
  void aCertificateOfTomorrowIsAMatterOfTheClock() throws Exception {
    Path root = serve(Instant.now().plus(DAY), DAY, LOCAL);

    assertThat(said(address(), Optional.of(root)))
        .contains("cannot be reached: SSLHandshakeException ")
        .endsWith(
            "(expected: a certificate that is valid by now; fix: the clock of this machine, if it"
                + " is behind)");
  }

  @Test
  void aCertificateOfYesterdayMayBeOne() throws Exception {
    Path root = serve(Instant.now().minus(DAY.multipliedBy(2)), DAY, LOCAL);

    assertThat(said(address(), Optional.of(root)))
        .contains("cannot be reached: SSLHandshakeException ")
        .contains("fix: the clock of this machine, if it is ahead, or the CA's own certificate)");
  }

  @Test
  void aCertificateOfAnotherNameIsAMatterOfTheAddress() throws Exception {
    Path root =
        serve(Instant.now().minus(DAY), DAY.multipliedBy(2), new HostPattern(false, "ca.home"));

    assertThat(said(address(), Optional.of(root)))
        .contains("No subject alternative names matching IP address 127.0.0.1")
        .endsWith(" (expected: acme.directory with a name that the certificate there is for)");
  }

  @Test
  void aPortWithoutTlsIsAnotherOne() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerInPlainText(plain));

      assertThat(
              said(
                  URI.create("https://127.0.0.1:%d/dir".formatted(plain.getLocalPort())),
                  Optional.empty()))
          .endsWith(" (expected: acme.directory with a port that speaks HTTPS)");
    }
  }

  /** As web servers do to who greets them with TLS on port 80. */
  private static void answerInPlainText(ServerSocket plain) {
    try (Socket client = plain.accept()) {
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // what was said to the client tells
    }
  }

  private static String said(URI directory, Optional<Path> root) {
    AuthoritySettings settings = AuthoritySettings.plain(directory, Optional.empty(), root);
    try (AcmeClient client = new AcmeClient(settings, Clock.systemUTC())) {
      return Unreachable.sentence(
          directory, catchThrowableOfType(AcmeNetworkException.class, client::open));
    }
  }

  private URI address() {
    return URI.create(
        "https://127.0.0.1:%d/dir"
            .formatted(Objects.requireNonNull(server).getAddress().getPort()));
  }

  /** Serves with a certificate; returns the file with its root. */
  private Path serve(Instant from, Duration life, HostPattern host) throws Exception {
    KeyPair rootKey = Keys.newP256();
    X509Certificate root =
        new CertificateBuilder("root", rootKey.getPublic(), Instant.now(), DAY)
            .forAuthority()
            .selfSigned(rootKey);
    KeyPair key = Keys.newP256();
    X509Certificate leaf =
        new CertificateBuilder("ca", key.getPublic(), from, life)
            .name(host)
            .forServers()
            .signedBy(new KeyAndChain(rootKey.getPrivate(), List.of(root)));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("ca", key.getPrivate(), new char[0], new Certificate[] {leaf, root});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context));
    server = https;
    https.start();
    Path file = directory.resolve("root.pem");
    Files.write(file, Pem.of(List.of(root)).getBytes(US_ASCII));
    return file;
  }
}
