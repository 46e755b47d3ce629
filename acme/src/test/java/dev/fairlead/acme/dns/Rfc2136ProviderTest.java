package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.acme.bind.Bind;
import dev.fairlead.acme.bind.BindExtension;
import dev.fairlead.config.bootstrap.DnsSettings.KeyAlgorithm;
import dev.fairlead.config.bootstrap.DnsSettings.Rfc2136;
import dev.fairlead.config.bootstrap.ServerAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signed updates of a real BIND. */
class Rfc2136ProviderTest {

  @RegisterExtension static final BindExtension DNS = new BindExtension();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String ONE = "one-".repeat(10) + "111";
  private static final String OTHER = "two-".repeat(10) + "222";

  private final String name =
      "_acme-challenge.shop%d.%s".formatted(NUMBER.incrementAndGet(), Bind.ZONE);

  @Test
  void recordsOfOneNameDoNotOverwriteEachOther() throws Exception {
    DnsProvider provider = provider(DNS.bind().settings());

    provider.present(new TxtRecord(name, ONE));
    provider.present(new TxtRecord(name, OTHER));
    assertThat(DNS.bind().txt(name)).containsExactly(ONE, OTHER);

    provider.cleanup(new TxtRecord(name, ONE));
    assertThat(DNS.bind().txt(name)).containsExactly(OTHER);

    provider.cleanup(new TxtRecord(name, OTHER));
    assertThat(DNS.bind().txt(name)).isEmpty();
  }

  @Test
  void whatIsThereAlreadyOrGoneAlreadyIsNoError() throws Exception {
    DnsProvider provider = provider(DNS.bind().settings());

    provider.present(new TxtRecord(name, ONE));
    provider.present(new TxtRecord(name, ONE));
    assertThat(DNS.bind().txt(name)).containsExactly(ONE);

    provider.cleanup(new TxtRecord(name, ONE));
    provider.cleanup(new TxtRecord(name, ONE));
    assertThat(DNS.bind().txt(name)).isEmpty();
  }

  @Test
  void signsBySha512Too() throws Exception {
    DnsProvider provider =
        provider(settings(Bind.KEY_512, KeyAlgorithm.HMAC_SHA512, Bind.SECRET, Optional.empty()));

    provider.present(new TxtRecord(name, ONE));

    assertThat(DNS.bind().txt(name)).containsExactly(ONE);
  }

  @Test
  void takesTheZoneOfTheSettings() throws Exception {
    DnsProvider provider =
        provider(
            settings(Bind.KEY_256, KeyAlgorithm.HMAC_SHA256, Bind.SECRET, Optional.of(Bind.ZONE)));

    provider.present(new TxtRecord(name, ONE));

    assertThat(DNS.bind().txt(name)).containsExactly(ONE);
  }

  @Test
  void followsADelegationIntoAnotherZone() throws Exception {
    DnsProvider provider = provider(DNS.bind().settings());
    TxtRecord record = new TxtRecord("_acme-challenge.shop." + Bind.OTHER_ZONE, ONE);

    provider.present(record);
    assertThat(DNS.bind().txt("shop.acme." + Bind.ZONE)).containsExactly(ONE);

    provider.cleanup(record);
    assertThat(DNS.bind().txt("shop.acme." + Bind.ZONE)).isEmpty();
  }

  @Test
  void theCnameOfAWildcardIsNoDelegation() throws Exception {
    DnsProvider provider = provider(DNS.bind().settings());
    TxtRecord record = new TxtRecord("_acme-challenge.shop.wild." + Bind.ZONE, ONE);

    provider.present(record);
    assertThat(DNS.bind().txt(record.name())).containsExactly(ONE);
    assertThat(DNS.bind().txt("www." + Bind.ZONE)).isEmpty();
    new Propagation(lookups(), Duration.ofSeconds(5), Duration.ofMillis(50), Ticker.SYSTEM)
        .await(record, "a hint");

    provider.cleanup(record);
    assertThat(DNS.bind().txt(record.name())).isEmpty();
  }

  @Test
  void theWaitSeesTheRecordWhereTheDelegationLeads() throws Exception {
    TxtRecord record = new TxtRecord("_acme-challenge.shop." + Bind.OTHER_ZONE, OTHER);
    Propagation propagation =
        new Propagation(lookups(), Duration.ofMillis(1), Duration.ofMillis(1), Ticker.SYSTEM);
    assertThatThrownBy(() -> propagation.await(record, "a hint"))
        .hasMessageContaining("the TXT record of shop.acme." + Bind.ZONE)
        .hasMessageContaining("ns1." + Bind.ZONE + " (127.0.0.1:" + DNS.bind().port() + ")");

    DnsProvider provider = provider(DNS.bind().settings());
    provider.present(record);
    propagation.await(record, "a hint");
    provider.cleanup(record);
  }

  @Test
  void saysThatTheSecretIsAnotherAndDoesNotSayIt() {
    String wrong = "YW5vdGhlciBzZWNyZXQgdGhhbiB0aGF0IG9mIHRoZSBrZXk=";
    assertThatThrownBy(
            () ->
                present(settings(Bind.KEY_256, KeyAlgorithm.HMAC_SHA256, wrong, Optional.empty())))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("answers NOTAUTH BADSIG")
        .hasMessageContaining("acme.dns.secret")
        .hasMessageNotContaining(wrong);
  }

  @Test
  void saysThatTheServerDoesNotKnowTheKey() {
    assertThatThrownBy(
            () ->
                present(
                    settings("nobody", KeyAlgorithm.HMAC_SHA256, Bind.SECRET, Optional.empty())))
        .hasMessageContaining("answers NOTAUTH BADKEY")
        .hasMessageContaining("a key nobody");
  }

  @Test
  void saysThatTheKeyMayNotDoIt() {
    assertThatThrownBy(
            () ->
                present(
                    settings(
                        Bind.STRANGER, KeyAlgorithm.HMAC_SHA256, Bind.SECRET, Optional.empty())))
        .hasMessageContaining("answers REFUSED")
        .hasMessageContaining("lets the key stranger change TXT records");
  }

  @Test
  void saysThatTheServerHasNoSuchZone() {
    assertThatThrownBy(
            () ->
                provider(DNS.bind().settings())
                    .present(new TxtRecord("_acme-challenge.elsewhere.example", ONE)))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("elsewhere.example")
        .hasMessageContaining("(expected: ");
  }

  @Test
  void saysThatTheZoneOfTheSettingsIsAnother() {
    assertThatThrownBy(
            () ->
                present(
                    settings(
                        Bind.KEY_256,
                        KeyAlgorithm.HMAC_SHA256,
                        Bind.SECRET,
                        Optional.of(Bind.OTHER_ZONE))))
        .hasMessage(
            "%s is not in the zone %s (expected: another acme.dns.zone, or none)"
                .formatted(name, Bind.OTHER_ZONE));
  }

  @Test
  void saysThatTheZoneOfTheSettingsMayBeWhatTheServerDoesNotHave() {
    assertThatThrownBy(
            () ->
                present(
                    settings(
                        Bind.KEY_256, KeyAlgorithm.HMAC_SHA256, Bind.SECRET, Optional.of(name))))
        .hasMessageContaining("answers NOTAUTH to an update of %1$s in the zone %1$s", name)
        .hasMessageContaining("which is that of acme.dns.zone if that is set");
  }

  @Test
  void doesNotBelieveAnAnswerThatIsNotSigned() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> agree(socket));
      Rfc2136 impostor =
          new Rfc2136(
              new ServerAddress("127.0.0.1", socket.getLocalPort()),
              Optional.of(Bind.ZONE),
              Bind.KEY_256,
              KeyAlgorithm.HMAC_SHA256,
              Bind.SECRET);
      assertThatThrownBy(() -> present(impostor))
          .isInstanceOf(DnsException.class)
          .hasMessageContaining("is not signed with the key fairlead");
    }
  }

  /** Answers one update by NOERROR, without a signature. */
  private static void agree(ServerSocket socket) {
    try (Socket client = socket.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      byte[] update = in.readNBytes(in.readUnsignedShort());
      byte[] answer = {update[0], update[1], (byte) 0xA8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
      client.getOutputStream().write(new byte[] {0, (byte) answer.length});
      client.getOutputStream().write(answer);
    } catch (IOException e) {
      throw new AssertionError("the impostor", e);
    }
  }

  @Test
  void saysThatTheServerCannotBeReached() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Rfc2136 nobody =
        new Rfc2136(
            new ServerAddress("127.0.0.1", closed),
            Optional.of(Bind.ZONE),
            Bind.KEY_256,
            KeyAlgorithm.HMAC_SHA256,
            Bind.SECRET);
    assertThatThrownBy(() -> present(nobody))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("the DNS server 127.0.0.1:%d cannot be reached".formatted(closed))
        .hasMessageContaining("acme.dns.server");
  }

  private void present(Rfc2136 settings) throws Exception {
    provider(settings).present(new TxtRecord(name, ONE));
  }

  private static DnsProvider provider(Rfc2136 settings) {
    return new Rfc2136Provider(settings, lookups());
  }

  private static Lookups lookups() {
    return new Lookups(
        Optional.of(DNS.bind().address()),
        new DnsNetwork(
            DNS.bind().port(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(50)));
  }

  private static Rfc2136 settings(
      String key, KeyAlgorithm algorithm, String secret, Optional<String> zone) {
    return new Rfc2136(DNS.bind().address(), zone, key, algorithm, secret);
  }
}
