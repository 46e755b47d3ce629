package dev.fairlead.conformance.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.tls.ServerCertificate;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What openssl resumes where instances derive the keys of tickets from the same secrets: what it
 * does with one of them ({@link SessionsTest}), and at another one with the same certificate.
 * Nothing more: not at another host, and not after another certificate.
 */
class SharedSessionsTest extends SessionsTest {

  private static final HostPattern A = new HostPattern(false, "a.test");
  private static final HostPattern B = new HostPattern(false, "b.test");

  private static final byte[] OLDEST = secret(1);
  private static final byte[] OLD = secret(2);
  private static final byte[] CURRENT = secret(3);
  private static final byte[] NEXT = secret(4);
  private static final byte[] AFTER_NEXT = secret(5);

  private final ProxyFixture other =
      ProxyFixture.routing(spec -> spec.route("a.test", app).route("b.test", app));

  private final ServerCertificate certificate = ca.issue("a.test", "b.test");

  @BeforeEach
  void share() {
    proxy.ticketSecrets(CURRENT, NEXT, OLD, OLDEST);
    other.ticketSecrets(CURRENT, NEXT, OLD, OLDEST);
    other.certificate("a.test", certificate);
  }

  @AfterEach
  void closeOther() {
    other.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void clientsResumeAtAnotherInstance(String version) throws Exception {
    proxy.certificate("a.test", certificate);
    connect(proxy, "a.test", version, "-sess_out", "session");

    assertThat(resumes(other, "a.test", version)).isTrue();
    assertThat(resumes(proxy, "a.test", version)).isTrue();
  }

  // The secrets of the storage are accepted for as long (acme's TicketKeyKeeper).
  @ParameterizedTest
  @CsvSource({"-tls1_3, 172800", "-tls1_2, 14400"})
  void aTicketIsGoodForTwoDaysAtMost(String version, int seconds) throws Exception {
    assertThat(connect(proxy, "a.test", version))
        .contains("TLS session ticket lifetime hint: %d (seconds)".formatted(seconds));
  }

  @Test
  void butNotWithoutATicket() throws Exception {
    proxy.certificate("a.test", certificate);
    connect(proxy, "a.test", ONLY_REMEMBERED, "-sess_out", "session");

    assertThat(resumes(other, "a.test", ONLY_REMEMBERED)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void notAtAnotherHostOfTheSameCertificate(String version) throws Exception {
    proxy.certificates(Map.of(A, certificate, B, certificate));
    other.certificates(Map.of(A, certificate, B, certificate));
    connect(proxy, "a.test", version, "-sess_out", "session");

    assertThat(resumes(other, "b.test", version)).isFalse();
    assertThat(resumes(proxy, "b.test", version)).isFalse();
    assertThat(resumes(other, "a.test", version)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void notWhereTheCertificateIsAnother(String version) throws Exception {
    proxy.certificate("a.test", certificate);
    connect(proxy, "a.test", version, "-sess_out", "session");

    other.certificate("a.test", ca.issue("a.test", "b.test"));
    assertThat(resumes(other, "a.test", version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void notAtTheFallback(String version) throws Exception {
    proxy.certificates(Map.of(A, certificate));
    connect(proxy, "a.test", version, "-sess_out", "session");

    other.certificates(Map.of());
    assertThat(resumes(other, "a.test", version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void ticketsOutliveTheChangesOfTheKeyUntilTheirsIsGone(String version) throws Exception {
    proxy.certificate("a.test", certificate);
    connect(proxy, "a.test", version, "-sess_out", "session");

    // An instance that has looked already, and one that has not.
    other.ticketSecrets(NEXT, AFTER_NEXT, CURRENT, OLD);
    assertThat(resumes(other, "a.test", version)).isTrue();
    connect(other, "a.test", version, "-sess_out", "session");
    assertThat(resumes(proxy, "a.test", version)).as("the key was there before its use").isTrue();

    proxy.ticketSecrets(AFTER_NEXT, secret(6), NEXT, CURRENT);
    assertThat(resumes(proxy, "a.test", version)).isTrue();
    proxy.ticketSecrets(secret(6), secret(7), AFTER_NEXT, NEXT);
    assertThat(resumes(proxy, "a.test", version)).isTrue();
    proxy.ticketSecrets(secret(7), secret(8), secret(6), AFTER_NEXT);
    assertThat(resumes(proxy, "a.test", version)).isFalse();
  }

  private static byte[] secret(int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return secret;
  }
}
