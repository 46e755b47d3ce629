package dev.fairlead.acme;

import static dev.fairlead.acme.Instance.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsNetwork;
import dev.fairlead.acme.local.LocalCa;
import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.store.ChallengeStorage;
import dev.fairlead.acme.store.LocalCaStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.acme.store.StorageAccess;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.TlsMode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name that is in order has no thread, one that is not has one. */
class NameKeeperTest {

  private static final URI UNREACHABLE = URI.create("https://127.0.0.1:1/dir");
  private static final Clock CLOCK = Clock.systemUTC();

  /** Each look asks it for the time. */
  private final Clock counting =
      new Clock() {
        @Override
        public Instant instant() {
          looked();
          if (looks.get() <= errors) {
            throw new StackOverflowError("what the first looks meet");
          }
          return CLOCK.instant();
        }

        @Override
        public ZoneId getZone() {
          return CLOCK.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException("not needed");
        }
      };

  @TempDir private Path directory = Path.of("");

  private int errors;
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private Storage storage;
  private Workshop workshop;

  @BeforeEach
  void open() throws InterruptedException {
    storage = new Storage(Instance.storage(directory), StorageAccess.DIRECT);
    Locks locks = new Locks(storage, CLOCK);
    LocalCa localCa = new LocalCa(new LocalCaStorage(storage), locks, CLOCK);
    localCa.refresh();
    AcmeSettings acme =
        new AcmeSettings(
            UNREACHABLE, Optional.empty(), Optional.empty(), AcmeSettings.Challenge.HTTP_01);
    ChallengeBoard board = new ChallengeBoard(new ChallengeStorage(storage));
    workshop =
        new Workshops(
                storage,
                locks,
                board,
                Optional.empty(),
                new CopyKeeper(Optional.empty(), CLOCK, Instance.FAST, Optional::empty),
                localCa,
                counting,
                Instance.FAST,
                new Preflights(board, DnsNetwork.NORMAL, Preflight.HTTP_PORT, CLOCK))
            .make(acme);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private void looked() {
    threads.add(Thread.currentThread());
    looks.incrementAndGet();
  }

  private NameKeeper keeper(TlsMode mode) {
    NameKeeper keeper =
        new NameKeeper(
            new WantedName(host("a.example.org"), mode),
            workshop,
            Optional.empty(),
            changes::incrementAndGet);
    keeper.start();
    return keeper;
  }

  @Test
  void looksAgainWheneverItIsWoken() {
    NameKeeper keeper = keeper(TlsMode.LOCAL);
    for (int i = 1; i <= 3; i++) {
      int count = i;
      await().until(() -> looks.get() == count);
      keeper.wake();
    }
    await().until(() -> looks.get() == 4);
    assertThat(keeper.served()).isPresent();
    assertThat(changes).as("that it serves, and that it has looked").hasValue(2);
  }

  @Test
  void oneThatIsInOrderGivesItsThreadBack() {
    NameKeeper keeper = keeper(TlsMode.LOCAL);
    await()
        .until(
            () -> {
              keeper.wake();
              return threads.size() > 1;
            });
  }

  @Test
  void anErrorOfOneLookIsNotTheLastOfTheName() {
    errors = 2;
    NameKeeper keeper = keeper(TlsMode.LOCAL);
    await().until(() -> keeper.served().isPresent());
    assertThat(looks).hasValueGreaterThan(2);
  }

  @Test
  void oneThatHasEndedIsNotWokenAnyMore() {
    NameKeeper keeper = keeper(TlsMode.LOCAL);
    await().until(() -> looks.get() == 1);
    keeper.end().ifPresent(NameKeeperTest::join);
    int after = looks.get();
    keeper.wake();
    keeper.end().ifPresent(NameKeeperTest::join);
    assertThat(looks).hasValue(after);
  }

  @Test
  void oneWithoutItsCertificateKeepsAtItUntilItIsEnded() {
    NameKeeper keeper = keeper(TlsMode.ACME);
    await().until(() -> looks.get() >= 3);
    Thread worker = keeper.end().orElseThrow();
    join(worker);
    assertThat(worker.isAlive()).isFalse();
    int after = looks.get();
    keeper.wake();
    assertThat(looks).hasValue(after);
  }

  private static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
