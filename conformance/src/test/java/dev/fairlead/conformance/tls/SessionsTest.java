package dev.fairlead.conformance.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.testing.Program;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.TestCa;
import dev.fairlead.proxy.tls.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What openssl resumes of its sessions: by the tickets that it was given (RFC 5077; RFC 8446
 * §4.6.1), and without any by what the proxy remembers.
 */
@Timeout(120)
class SessionsTest {

  static final String ONLY_REMEMBERED = "-tls1_2 -no_ticket";

  /** Its clients name no host. */
  static final String ADDRESS = "127.0.0.1";

  /** More than the proxy remembers of a host. */
  private static final int MANY = 300;

  final Origin app = Origin.named("app");
  final ProxyFixture proxy =
      ProxyFixture.routing(
          spec -> spec.route("a.test", app).route("b.test", app).route(ADDRESS, app));
  final TestCa ca = ProxyFixture.ca();

  @TempDir private Path folder;
  private Program openssl;

  @BeforeEach
  void serve() {
    openssl = Program.installed("openssl", "openssl");
    proxy.certificates("a.test", "b.test");
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    app.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2", ONLY_REMEMBERED})
  void clientsResume(String version) throws Exception {
    connect("a.test", version, "-sess_out", "session");

    assertThat(resumes("a.test", version)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2", ONLY_REMEMBERED})
  void notAtAnotherHost(String version) throws Exception {
    connect("a.test", version, "-sess_out", "session");

    assertThat(resumes("b.test", version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2", ONLY_REMEMBERED})
  void clientsOfAnAddressResumeToo(String version) throws Exception {
    proxy.certificates("a.test", ADDRESS);
    connect(ADDRESS, version, "-sess_out", "session");

    assertThat(resumes(ADDRESS, version)).isTrue();
    assertThat(resumes("a.test", version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2", ONLY_REMEMBERED})
  void asLongAsTheCertificateIsTheSame(String version) throws Exception {
    ServerCertificate certificate = ca.issue("a.test");
    proxy.certificate("a.test", certificate);
    connect("a.test", version, "-sess_out", "session");

    proxy.certificate("a.test", certificate);
    assertThat(resumes("a.test", version)).isTrue();

    proxy.certificate("a.test", ca.issue("a.test"));
    assertThat(resumes("a.test", version)).isFalse();
  }

  @Test
  void ofManyStrangersTheOldestAreForgotten() throws Exception {
    connect("a.test", ONLY_REMEMBERED, "-sess_out", "session");
    for (int i = 0; i < MANY; i++) {
      connect("a.test", ONLY_REMEMBERED);
    }
    assertThat(resumes("a.test", ONLY_REMEMBERED)).isFalse();
  }

  private boolean resumes(String host, String version) throws Exception {
    return resumes(proxy, host, version);
  }

  /** Whether the session that was written last is resumed; it is not written anew. */
  boolean resumes(ProxyFixture proxy, String host, String version) throws Exception {
    String output = connect(proxy, host, version, "-sess_in", "session");
    assertThat(output).containsPattern("(?m)^(New|Reused), TLSv1");
    return output.contains("\nReused, ");
  }

  private String connect(String host, String version, String... more) throws Exception {
    return connect(proxy, host, version, more);
  }

  /** Asks for a page in a connection, so that what comes behind the handshake is seen, too. */
  String connect(ProxyFixture proxy, String host, String version, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("s_client", "-ign_eof"));
    arguments.addAll(
        host.equals(ADDRESS) ? List.of("-noservername") : List.of("-servername", host));
    arguments.addAll(List.of("-connect", "127.0.0.1:" + proxy.httpsPort()));
    arguments.addAll(List.of(version.split(" ", -1)));
    arguments.addAll(List.of(more));
    Path request = folder.resolve("request");
    Files.writeString(
        request, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host));
    Program.Ended ended =
        openssl.run(folder, Duration.ofSeconds(30), request, arguments.toArray(String[]::new));
    assertThat(ended.output()).contains("HTTP/1.1 200 OK");
    return ended.output();
  }
}
