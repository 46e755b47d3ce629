package dev.fairlead.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.LogCapture;
import dev.fairlead.acme.challenge.Posted;
import dev.fairlead.acme.dns.ZoneView.Place;
import dev.fairlead.acme.dns.ZoneView.Seen;
import dev.fairlead.acme.store.DnsRecordStorage;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

/** What is set, kept and taken away around an order, with a provider in memory. */
class DnsChallengesTest {

  private static final HostPattern HOST = new HostPattern(false, "example.com");
  private static final HostPattern WILDCARD = new HostPattern(true, "example.com");
  private static final String ONE = "one-".repeat(10) + "111";
  private static final String OTHER = "two-".repeat(10) + "222";

  @TempDir Path directory;
  private final Records dns = new Records();
  private Storage storage;

  @BeforeEach
  void open() {
    storage =
        new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aWildcardAndItsNameAreUpAtTheSamePlaceAtOnce() throws Exception {
    Posted one = challenges("exec").post(HOST, ONE);
    Posted other = challenges("exec").post(WILDCARD, OTHER);
    assertThat(dns.up)
        .containsExactly(
            "_acme-challenge.example.com " + ONE, "_acme-challenge.example.com " + OTHER);

    one.remove();
    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + OTHER);
    other.remove();
    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatIsSetIsKeptFirst() throws Exception {
    dns.onPresent = () -> assertThat(kept()).containsExactly("_wildcard.example.com.json");

    challenges("exec").post(WILDCARD, ONE).remove();

    assertThat(dns.everUp).isTrue();
  }

  @Test
  void theNextOrderTakesAwayWhatACrashLeft() throws Exception {
    challenges("exec").post(HOST, ONE); // and nobody removes it

    Posted next = challenges("exec").post(HOST, OTHER);

    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + OTHER);
    next.remove();
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatIsLeftStaysUpUntilWhoGoesOnDiscardsIt() throws Exception {
    dns.most = 1;
    DnsChallenges challenges = challenges("acme-dns");
    challenges.post(HOST, ONE).leave();
    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + ONE);

    challenges.discard(HOST); // there is room: it was given back

    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void anotherHostsRecordIsLeftAloneWhileItsOrderMayBeUnderWay() throws Exception {
    challenges("exec").post(WILDCARD, ONE);

    challenges("exec").post(HOST, OTHER).remove();

    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + ONE);
    assertThat(kept()).containsExactly("_wildcard.example.com.json");
  }

  @Test
  void aDayLaterItIsTakenAwayByAnyOrder() throws Exception {
    challenges("exec").post(WILDCARD, ONE);
    Files.setLastModifiedTime(
        folder().resolve("_wildcard.example.com.json"),
        FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    challenges("exec").post(HOST, OTHER).remove();

    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatAnotherProviderSetIsForgotten() throws Exception {
    challenges("cloudflare").post(HOST, ONE);

    challenges("exec").post(HOST, OTHER).remove();

    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + ONE);
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatCouldNotBeTakenAwayIsTriedAgainAtTheNextOrder() throws Exception {
    dns.cleanupFails = true;
    challenges("exec").post(HOST, ONE).remove();
    assertThat(dns.up).hasSize(1);
    assertThat(kept()).hasSize(1);

    dns.cleanupFails = false;
    challenges("exec").post(HOST, OTHER).remove();
    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatIsLeftWhereNoneCanBeSetIsNoNewsAndIsToldLater() throws Exception {
    try (LogCapture log = LogCapture.of(DnsChallenges.class)) {
      dns.presentFails = true;
      dns.cleanupFails = true;
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> challenges("exec").post(HOST, ONE)).hasMessage("refused");
      }
      assertThat(log.warnings()).as("the order says itself what is wrong").isEmpty();

      dns.presentFails = false;
      Posted posted = challenges("exec").post(HOST, OTHER);

      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains(ONE, "could not be taken away, the next order tries again: not now");
      posted.remove();
      assertThat(log.warnings()).hasSize(2);
    }
  }

  @Test
  void aRecordThatIsNotSeenIsTakenAwayToo() {
    dns.seen = Seen.MISSING;

    assertThatThrownBy(() -> challenges("exec").post(HOST, ONE))
        .isInstanceOf(DnsException.class)
        .hasMessageContaining("(expected: the hint)");
    assertThat(dns.everUp).isTrue();
    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void anOrderThatIsGivenUpInTheMiddleTakesItsRecordAway() throws Exception {
    dns.seen = Seen.MISSING;
    DnsChallenges patient = challenges("exec", Duration.ofHours(1));
    Thread order =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    patient.post(HOST, ONE);
                  } catch (DnsException | IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    await().until(() -> dns.looked);

    order.interrupt();
    order.join();

    assertThat(dns.up).isEmpty();
    assertThat(kept()).isEmpty();
  }

  @Test
  void asManyAsTheProviderCanKeepAreUpAtOnce() throws Exception {
    dns.most = 1;
    DnsChallenges challenges = challenges("acme-dns");
    Posted first = challenges.post(HOST, ONE);
    Thread second =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    challenges.post(WILDCARD, OTHER).remove();
                  } catch (DnsException | IOException | InterruptedException e) {
                    throw new AssertionError("the second one", e);
                  }
                });
    await().until(() -> second.getState() == Thread.State.WAITING);
    assertThat(dns.up).containsExactly("_acme-challenge.example.com " + ONE);

    first.remove();
    second.join();

    assertThat(dns.most("_acme-challenge.example.com")).isEqualTo(1);
    assertThat(dns.up).isEmpty();
  }

  @Test
  void aFailedOneMakesRoomForTheNext() throws Exception {
    dns.most = 1;
    DnsChallenges challenges = challenges("acme-dns");
    dns.presentFails = true;
    assertThatThrownBy(() -> challenges.post(HOST, ONE)).hasMessage("refused");

    dns.presentFails = false;
    challenges.post(HOST, OTHER).remove();

    assertThat(dns.everUp).isTrue();
  }

  @Test
  void whatIsNoRecordOfOursIsNeverGivenToTheProvider() throws Exception {
    Files.createDirectories(folder());
    Files.writeString(
        folder().resolve("example.com.json"),
        "{\"provider\": \"exec\", \"name\": \"www.example.com\", \"value\": \"" + ONE + "\"}");

    challenges("exec").post(HOST, OTHER).remove();

    assertThat(dns.cleaned).containsExactly("_acme-challenge.example.com " + OTHER);
  }

  private DnsChallenges challenges(String provider) {
    return challenges(provider, Duration.ofMillis(20));
  }

  private DnsChallenges challenges(String provider, Duration wait) {
    return new DnsChallenges(
        provider,
        dns,
        new Propagation(dns, wait, Duration.ofMillis(5), Ticker.SYSTEM),
        new DnsRecordStorage(storage));
  }

  private Path folder() {
    return directory.resolve("challenges/dns-01");
  }

  private List<String> kept() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError("what is kept", e);
    }
  }

  private static final class Records implements DnsProvider, ZoneView {

    final Set<String> up = new ConcurrentSkipListSet<>();
    final Set<String> cleaned = new ConcurrentSkipListSet<>();
    volatile boolean everUp;
    volatile boolean looked;
    volatile boolean presentFails;
    volatile boolean cleanupFails;
    volatile int most = Integer.MAX_VALUE;
    volatile Seen seen = Seen.HERE;
    volatile Runnable onPresent = () -> {};
    private volatile int mostUp;

    int most(String name) {
      assertThat(everUp).as(name).isTrue();
      return mostUp;
    }

    @Override
    public void present(TxtRecord record) throws DnsException {
      onPresent.run();
      if (presentFails) {
        throw new DnsException("refused");
      }
      everUp = true;
      up.add(record.name() + " " + record.value());
      mostUp = Math.max(mostUp, up.size());
    }

    @Override
    public void cleanup(TxtRecord record) throws DnsException {
      if (cleanupFails) {
        throw new DnsException("not now");
      }
      cleaned.add(record.name() + " " + record.value());
      up.remove(record.name() + " " + record.value());
    }

    @Override
    public String whenUnseen(TxtRecord record) {
      return "the hint";
    }

    @Override
    public int mostAtOnce() {
      return most;
    }

    @Override
    public Place place(String name) throws DnsException {
      Name zone = Lookups.name("example.com");
      return new Place(
          Lookups.name(name),
          zone,
          List.of(
              new NameServer(zone, new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))));
    }

    @Override
    public Seen look(NameServer server, Name name, String value) {
      looked = true;
      return seen;
    }
  }
}
