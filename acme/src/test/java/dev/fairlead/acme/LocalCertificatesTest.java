package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.pem.CertificateBuilder;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Pem;
import dev.fairlead.acme.store.CertificateStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCertificatesTest {

  private static final URI CA = URI.create("https://127.0.0.1:1/dir");

  @TempDir Path directory;

  @Test
  void aLocalNameVerifiesAgainstTheLocalCa() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "whoami.localhost")) {
      ServedCertificate served = instance.served("whoami.localhost").orElseThrow();
      X509Certificate root = root(instance);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509")
                  .generateCertPath(List.of(served.chain().getFirst())),
              parameters);
      assertThat(served.chain().getFirst().getSubjectAlternativeNames().toString())
          .isEqualTo("[[2, whoami.localhost]]");
      assertThat(served.origin()).isEqualTo(Origin.LOCAL);
    }
  }

  @ParameterizedTest
  @CsvSource({"192.168.1.10, '[[7, 192.168.1.10]]'", "fd00::1,      '[[7, fd00:0:0:0:0:0:0:1]]'"})
  void anAddressHasACertificateToo(String address, String named) throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, address)) {
      X509Certificate leaf = instance.served(address).orElseThrow().chain().getFirst();
      assertThat(leaf.getSubjectAlternativeNames().toString()).isEqualTo(named);
    }
  }

  @Test
  void whatIsWantedIsServedBeforeAKeyForNobodyIsMade() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "whoami.localhost")) {
      assertThat(instance.heard.getFirst().byHost()).hasSize(1);
      assertThat(instance.heard.getFirst().fallback()).isEmpty();
      await().until(() -> instance.heard.getLast().fallback().isPresent());
    }
  }

  @Test
  void whoWantsNothingHasAFallback() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL)) {
      assertThat(instance.heard.getFirst().fallback()).isPresent();
    }
  }

  @Test
  void visitorsOfNobodyLearnNothing() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "whoami.localhost")) {
      await().until(() -> instance.heard.getLast().fallback().isPresent());
      assertThat(
              instance
                  .heard
                  .getLast()
                  .fallback()
                  .orElseThrow()
                  .chain()
                  .getFirst()
                  .getSubjectAlternativeNames()
                  .toString())
          .isEqualTo("[[2, fairlead.invalid]]");
    }
  }

  @Test
  void withNoNamesAtAllTheFallbackIsHeard() throws Exception {
    try (Instance instance = start(new MutableClock()).want()) {
      assertThat(instance.heard)
          .singleElement()
          .satisfies(all -> assertThat(all.byHost()).isEmpty());
    }
  }

  @Test
  void theCaIsMadeOnceForAllInstancesAndStarts() throws Exception {
    X509Certificate root;
    try (Instance one = start(new MutableClock());
        Instance other = start(new MutableClock())) {
      one.want(TlsMode.LOCAL, "a.localhost");
      other.want(TlsMode.LOCAL, "a.localhost");
      root = root(one);
      assertThat(signer(one)).isEqualTo(root);
      assertThat(signer(other)).isEqualTo(root);
    }
    try (Instance later = start(new MutableClock()).want(TlsMode.LOCAL, "a.localhost")) {
      assertThat(signer(later)).isEqualTo(root);
    }
  }

  @Test
  void aKeyOfTheCaThatOthersMayReadIsUsedAndNamed() throws Exception {
    X509Certificate root;
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "a.localhost")) {
      root = root(instance);
    }
    Path key = directory.resolve("local-ca/current/privkey.pem").toRealPath();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    try (LogCapture log = LogCapture.of(LocalCa.class);
        Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "a.localhost")) {
      assertThat(signer(instance)).isEqualTo(root);
      assertThat(log.warnings())
          .containsExactly(
              "local CA: %1$s: readable by others (fix: chmod 600 %1$s)".formatted(key));
    }
  }

  @Test
  void leavesAreMadeAgainBeforeTheyEnd() throws Exception {
    MutableClock clock = new MutableClock();
    try (Instance instance = start(clock).want(TlsMode.LOCAL, "a.localhost")) {
      ServedCertificate first = instance.served("a.localhost").orElseThrow();
      assertThat(Duration.between(clock.instant(), first.notAfter()))
          .isLessThan(Duration.ofDays(31));
      clock.advance(Duration.ofDays(21));
      await().until(() -> !instance.served("a.localhost").orElseThrow().equals(first));
    }
  }

  @Test
  void aWildcardIsServedByTheLocalCaAndNamed() throws Exception {
    try (Instance instance = start(new MutableClock()).want("*.example.org")) {
      assertThat(instance.serves("*.example.org", Origin.LOCAL)).isTrue();
      assertThat(instance.status("*.example.org").problem().orElseThrow()).contains("dns-01");
    }
  }

  @Test
  void aWildcardThatWasImportedIsServedUntilItEnds() throws Exception {
    MutableClock clock = new MutableClock();
    try (Instance instance = start(clock).want("*.example.org")) {
      assertThat(instance.serves("*.example.org", Origin.LOCAL)).isTrue();
      save("*.example.org", clock.instant(), Duration.ofDays(30));
      await().until(() -> instance.serves("*.example.org", Origin.ACME));
    }
    try (Instance instance = start(clock).want("*.example.org")) {
      assertThat(instance.first("*.example.org")).contains(Origin.ACME);
      clock.advance(Duration.ofDays(29));
      assertThat(instance.status("*.example.org").problem().orElseThrow()).contains("dns-01");
      clock.advance(Duration.ofDays(1));
      await().until(() -> instance.serves("*.example.org", Origin.LOCAL));
      assertThat(instance.status("*.example.org").nextAttempt()).isEmpty();
    }
  }

  private void save(String name, Instant from, Duration life) throws Exception {
    KeyPair key = Keys.newP256();
    KeyAndChain pair =
        new KeyAndChain(
            key.getPrivate(),
            List.of(
                new CertificateBuilder("test", key.getPublic(), from, life)
                    .name(host(name))
                    .selfSigned(key)));
    try (Storage storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT)) {
      new CertificateStorage(storage, CA).save(host(name), pair, from);
    }
  }

  @Test
  void namesComeAndGo() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "a.localhost")) {
      ServedCertificate kept = instance.served("a.localhost").orElseThrow();
      instance.want(TlsMode.LOCAL, "a.localhost", "b.localhost");
      await().until(() -> instance.served("b.localhost").isPresent());
      assertThat(instance.served("a.localhost")).contains(kept);

      instance.want(TlsMode.LOCAL, "b.localhost");
      await().until(() -> instance.served("a.localhost").isEmpty());
      assertThat(instance.manager.status()).hasSize(1);
    }
  }

  @Test
  void nothingIsHeardWhenNothingChanged() throws Exception {
    try (Instance instance = start(new MutableClock()).want(TlsMode.LOCAL, "a.localhost")) {
      await().until(() -> instance.heard.getLast().fallback().isPresent());
      instance.want(TlsMode.LOCAL, "a.localhost");
      instance.want(TlsMode.LOCAL, "a.localhost", "b.localhost");
      await().until(() -> instance.served("b.localhost").isPresent());
      assertThat(instance.heard).doesNotHaveDuplicates().hasSize(3);
    }
  }

  @Test
  void acmeWinsWhenBothAreWanted() throws Exception {
    try (Instance instance = start(new MutableClock())) {
      instance.manager.wanted(
          Set.of(
              new WantedName(host("*.example.org"), TlsMode.LOCAL),
              new WantedName(host("*.example.org"), TlsMode.ACME)));
      assertThat(instance.status("*.example.org").mode()).isEqualTo(TlsMode.ACME);
    }
  }

  @Test
  void nothingIsWrittenAnyMoreOnceItIsClosed() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    StorageAccess slow =
        path -> {
          if (path.endsWith("local-ca")) {
            writing.countDown();
            awaitUninterrupted(closing);
            written.set(true);
          }
        };
    Instance instance = start(new MutableClock(), slow);
    writing.await();
    Thread closer = Thread.ofPlatform().start(instance::close);
    await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    closing.countDown();
    closer.join();
    assertThat(written).isTrue();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("storage threads are never interrupted", e);
    }
  }

  private static X509Certificate root(Instance instance) throws Exception {
    return Pem.certificates(Files.readString(instance.manager.localCaCertificate().orElseThrow()))
        .getFirst();
  }

  private static X509Certificate signer(Instance instance) {
    return instance.served("a.localhost").orElseThrow().chain().get(1);
  }

  private Instance start(MutableClock clock) {
    return start(clock, StorageAccess.DIRECT);
  }

  private Instance start(MutableClock clock, StorageAccess access) {
    AcmeSettings settings =
        new AcmeSettings(CA, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);
    return new Instance(settings, Instance.storage(directory), clock, access);
  }
}
