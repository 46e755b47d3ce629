package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.pebble.ChallengeResponder;
import dev.fairlead.acme.pebble.Pebble;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AcmeSettings.Challenge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates for IP addresses (RFC 8738) from a real CA that comes to the address itself. */
class AddressIssuanceTest {

  private static final Duration LIFE = Duration.ofHours(160);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path place;
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, HTTP_01, 127.0.0.1",
    "127.0.0.1, TLS_ALPN_01, 127.0.0.1",
    // What DNS cannot show is shown by http-01.
    "127.0.0.1, DNS_01, 127.0.0.1",
    "::1, HTTP_01, _ipv6.--1",
    "::1, TLS_ALPN_01, _ipv6.--1"
  })
  void anAddressHasACertificateOfItsOwn(String address, Challenge challenge, String folder)
      throws Exception {
    assumeTrue(
        Pebble.isInstalled(),
        "Left out: pebble is not on the PATH (fix: apt-get install -y pebble)");
    InetAddress own = InetAddress.ofLiteral(address);
    assumeTrue(isHere(own), "Left out: this machine has no address " + address);
    try (ChallengeResponder responder = new ChallengeResponder(own);
        Pebble ca = Pebble.start(place, responder, LIFE, 0)) {
      AcmeSettings acme = settings(ca, challenge);
      try (Instance first = start(acme, responder).want(address)) {
        await().atMost(PATIENCE).until(() -> first.serves(address, Origin.ACME));
        ServedCertificate served = first.served(address).orElseThrow();
        assertThat(Names.hosts(served.chain().getFirst())).containsExactly(Instance.host(address));
        assertThat(Names.dns(served.chain().getFirst())).isEmpty();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(directory.resolve("certificates").resolve(folder))
                        .isDirectoryRecursivelyContaining("glob:**/fullchain.pem"));
        assertThat(first.status(address).problem()).isEmpty();
      }
      int orders = ca.orders();
      try (Instance second = start(acme, responder).want(address)) {
        assertThat(second.first(address)).contains(Origin.ACME);
      }
      assertThat(ca.orders()).isEqualTo(orders).isEqualTo(1);
      assertThat(listed(acme))
          .singleElement()
          .satisfies(
              stored -> {
                assertThat(stored.name()).isEqualTo(address);
                assertThat(stored.isServed()).isTrue();
                assertThat(stored.remarks()).isEmpty();
                assertThat(stored.problem(Instant.now())).isEmpty();
              });
    }
  }

  private List<StoredCertificate> listed(AcmeSettings acme) throws Exception {
    return CertificateInventory.read(Instance.storage(directory), acme, Instant.now())
        .orElseThrow();
  }

  private Instance start(AcmeSettings acme, ChallengeResponder responder) {
    Instance instance =
        new Instance(acme, Instance.storage(directory), Clock.systemUTC(), StorageAccess.DIRECT);
    responder.answerFrom(
        instance.manager::keyAuthorization, instance.manager::validationCertificate);
    return instance;
  }

  private static AcmeSettings settings(Pebble ca, Challenge challenge) {
    return new AcmeSettings(
        ca.acmeDirectory(),
        Optional.of("somebody@fairlead-tests.com"),
        Optional.of(ca.caFile()),
        challenge);
  }

  private static boolean isHere(InetAddress address) {
    try (ServerSocket socket = new ServerSocket(0, 1, address)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
