package dev.fairlead.acme.ondemand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.ServedCertificate;
import dev.fairlead.acme.ServedCertificates;
import dev.fairlead.acme.WantedName;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.Storage;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.NamePattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.TlsMode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which names are wanted because clients came for them, in a time that is told. Long, as each rule
 * and each limit is a few lines on the same set-up.
 */
class OnDemandNamesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final HostPattern WILDCARD = HostPattern.parse("*.example.com").orElseThrow();
  private static final WantedName ROUTED = new WantedName(WILDCARD, TlsMode.LOCAL);
  private static final OnDemand SHOPS =
      new OnDemand(
          List.of(NamePattern.parse("shop-*.example.com").orElseThrow()), Optional.empty());

  @TempDir private Path directory = Path.of("");
  private final ToldClock clock = new ToldClock();

  /** Null fails. */
  private volatile @Nullable Set<HostPattern> copied = Set.of();

  private final AtomicBoolean broken = new AtomicBoolean();
  private volatile CountDownLatch answers = new CountDownLatch(0);
  private Duration timeout = Duration.ofSeconds(5);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AskedApp app;

  OnDemandNamesTest() throws IOException {
    app = new AskedApp();
    open.add(app);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** What one process wants. */
  private final class Wants {

    private final OnDemandNames names;
    private final List<Set<WantedName>> told = new CopyOnWriteArrayList<>();

    Wants(OnDemandSettings limits) {
      Storage storage =
          new Storage(
              new StorageSettings(directory, timeout),
              path -> {
                awaitAnswers();
                if (broken.get() && path.toString().contains("notes")) {
                  throw new IOException("broken");
                }
              });
      names = new OnDemandNames(limits, clock, Duration.ofMillis(50));
      names.start(
          new SharedNote(storage, new Locks(storage, Clock.systemUTC()), "on-demand"),
          () -> Optional.ofNullable(copied).orElseThrow(),
          told::add);
      open.addFirst(storage);
      open.addFirst(names);
    }

    Wants routed(OnDemand... rules) {
      names.routed(
          Set.of(ROUTED),
          rules.length == 0 ? Map.of() : Map.of(WILDCARD, List.of(rules)),
          Set.of(WILDCARD));
      if (rules.length > 0) {
        await().atMost(PATIENCE).until(() -> !told.isEmpty());
      }
      return this;
    }

    boolean comes(String name) {
      return names.arrival(name).toCompletableFuture().isDone();
    }

    Set<String> wanted() {
      return told.isEmpty()
          ? Set.of()
          : told.getLast().stream()
              .filter(WantedName::onDemand)
              .map(name -> name.host().toString())
              .collect(Collectors.toSet());
    }

    Wants until(String... wanted) {
      await().atMost(PATIENCE).until(() -> wanted().equals(Set.of(wanted)));
      return this;
    }
  }

  private void awaitAnswers() throws IOException {
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.getMessage());
    }
  }

  private Wants start() {
    return new Wants(OnDemandSettings.DEFAULT);
  }

  private OnDemand asking() {
    return new OnDemand(List.of(), Optional.of(app.address()));
  }

  private String note() throws IOException {
    Path file = directory.resolve("notes/on-demand");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  @Test
  void aNameThatTheListAllowsIsWantedWhenSomebodyComes() {
    Wants one = start().routed(SHOPS).until();
    assertThat(one.comes("shop-1.example.com")).as("waits").isFalse();

    one.until("shop-1.example.com");
    assertThat(one.told.getLast()).contains(ROUTED);
    assertThat(one.names.counts()).isEqualTo(new OnDemandCounts(1, 1, 0, 0, 0));
  }

  @Test
  void withoutARuleNothingIs() throws Exception {
    Wants one = start().routed();

    assertThat(one.comes("shop-1.example.com")).isTrue();
    assertThat(one.told).containsExactly(Set.of(ROUTED));
    assertThat(one.names.counts()).isEqualTo(new OnDemandCounts(0, 0, 0, 0, 0));
    assertThat(note()).isEmpty();
  }

  @Test
  void aFloodOfNamesThatNoRuleAllowsIsNothing() throws Exception {
    Wants one = start().routed(SHOPS).until();
    for (int i = 0; i < 10_000; i++) {
      assertThat(one.comes("a%d.example.com".formatted(i))).isTrue();
    }

    assertThat(one.wanted()).isEmpty();
    assertThat(one.names.counts()).isEqualTo(new OnDemandCounts(0, 0, 10_000, 0, 0));
    assertThat(note()).isEmpty();
  }

  @Test
  void aFloodOfNamesThatTheListAllowsIsAsManyAsMayComeInAnHour() throws Exception {
    Wants one = new Wants(new OnDemandSettings(1000, 10)).routed(SHOPS).until();
    for (int i = 0; i < 10_000; i++) {
      one.comes("shop-%d.example.com".formatted(i));
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              one.comes("shop-x%d.example.com".formatted(one.wanted().size()));
              clock.advance(Duration.ofSeconds(1));
              return one.wanted().size() == 10;
            });
    for (int i = 0; i < 10_000; i++) {
      assertThat(one.comes("shop-y%d.example.com".formatted(i))).isTrue();
    }

    assertThat(one.wanted()).hasSize(10);
    assertThat(note().lines()).hasSize(10);
    assertThat(one.names.counts().allowed()).isEqualTo(10);
    clock.advance(Duration.ofHours(1));
    assertThat(one.comes("shop-later.example.com")).isFalse();
    await().atMost(PATIENCE).until(() -> one.wanted().contains("shop-later.example.com"));
  }

  @Test
  void thereAreNoMoreThanTheSettingSays() throws Exception {
    Wants one = new Wants(new OnDemandSettings(2, 100)).routed(SHOPS).until();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");
    one.comes("shop-2.example.com");
    one.until("shop-1.example.com", "shop-2.example.com");
    clock.advance(Duration.ofDays(1));

    assertThat(one.comes("shop-3.example.com")).isTrue();
    assertThat(one.names.counts().limited()).isEqualTo(1);
    assertThat(note().lines()).hasSize(2);
  }

  @Test
  void whatTheAppSaysYesToIsWanted() {
    Wants one = start().routed(asking()).until();
    one.comes("a.example.com");

    one.until("a.example.com");
    assertThat(app.questions).containsExactly("domain=a.example.com");
  }

  @Test
  void listAndAppHaveToAgree() {
    OnDemand both = new OnDemand(SHOPS.names(), Optional.of(app.address()));
    Wants one = start().routed(both).until();

    assertThat(one.comes("a.example.com")).isTrue();
    assertThat(app.questions).isEmpty();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");
    assertThat(app.questions).containsExactly("domain=shop-1.example.com");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 301, 307, 403, 404, 429, 500, 503, -1})
  void anyOtherAnswerIsNo(int status) throws Exception {
    app.status = status;
    Wants one = start().routed(asking()).until();
    CompletionStage<Void> waiting = one.names.arrival("a.example.com");

    await().atMost(PATIENCE).until(() -> waiting.toCompletableFuture().isDone());
    assertThat(one.wanted()).isEmpty();
    assertThat(note()).isEmpty();
    OnDemandCounts counts = one.names.counts();
    boolean no = status == 204 || status == 403 || status == 404;
    assertThat(counts).isEqualTo(new OnDemandCounts(0, 0, no ? 1 : 0, no ? 0 : 1, 0));
    assertThat(one.comes("a.example.com")).as("it is remembered for a minute").isTrue();
    assertThat(app.questions).hasSize(1);

    app.status = 200;
    clock.advance(Refusals.TIME);
    assertThat(one.comes("a.example.com")).isFalse();
    one.until("a.example.com");
  }

  @Test
  void anAppThatIsSilentIsAskedOnceForANameAndEightTimesAtOnce() {
    app.status = -1;
    Wants one = start().routed(asking()).until();
    List<CompletionStage<Void>> same =
        IntStream.range(0, 100).mapToObj(_ -> one.names.arrival("a.example.com")).toList();
    IntStream.range(0, 100).forEach(i -> one.comes("a%d.example.com".formatted(i)));

    assertThat(Set.copyOf(same)).hasSize(1);
    assertThat(one.names.counts().limited()).isEqualTo(93);
    await().atMost(PATIENCE).until(() -> one.names.counts().failed() == 8);
    assertThat(app.mostAtOnce()).isLessThanOrEqualTo(8);
    assertThat(app.questions).hasSize(8).doesNotHaveDuplicates();
    assertThat(one.wanted()).isEmpty();
  }

  @Test
  void otherInstancesAndTheNextStartWantItToo() {
    Wants other = start().routed(SHOPS).until();
    Wants one = start().routed(SHOPS).until();
    one.comes("shop-1.example.com");

    one.until("shop-1.example.com");
    other.until("shop-1.example.com");
    one.names.close();
    other.names.close();
    Wants next = start().routed(SHOPS);
    assertThat(next.told.getFirst())
        .as("from the first moment on")
        .contains(
            new WantedName(
                HostPattern.parse("shop-1.example.com").orElseThrow(), TlsMode.ACME, true));
  }

  @Test
  void twoInstancesKeepToOneLimit() throws Exception {
    OnDemandSettings limits = new OnDemandSettings(1000, 3);
    List<Wants> both = List.of(new Wants(limits).routed(SHOPS), new Wants(limits).routed(SHOPS));
    for (int i = 0; i < 20; i++) {
      both.get(i % 2).comes("shop-%d.example.com".formatted(i));
      clock.advance(Duration.ofSeconds(1));
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              both.getFirst().comes("shop-x%d.example.com".formatted(note().lines().count()));
              return both.stream().allMatch(one -> one.wanted().size() == 3);
            });
    assertThat(note().lines()).hasSize(3);
  }

  @Test
  void nothingIsWantedThatIsNotRoutedOrAllowedAnyMore() throws Exception {
    Wants one = start().routed(SHOPS).until();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");

    one.routed(
        new OnDemand(
            List.of(NamePattern.parse("other.example.com").orElseThrow()), Optional.empty()));
    assertThat(one.wanted()).isEmpty();
    assertThat(one.comes("shop-1.example.com")).isTrue();
    one.routed();
    assertThat(one.wanted()).isEmpty();
    one.routed(SHOPS);
    assertThat(one.wanted()).containsExactly("shop-1.example.com");
    one.names.routed(
        Set.of(ROUTED),
        Map.of(WILDCARD, List.of(SHOPS)),
        Set.of(WILDCARD, HostPattern.parse("shop-1.example.com").orElseThrow()));
    assertThat(one.wanted()).as("it is routed by its own name now").isEmpty();
    assertThat(note().lines()).hasSize(1);
  }

  @Test
  void nobodyComesForThirtyDays() throws Exception {
    Wants one = start().routed(SHOPS).until();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");
    one.comes("shop-2.example.com");
    one.until("shop-1.example.com", "shop-2.example.com");

    clock.advance(Duration.ofDays(20));
    one.comes("shop-2.example.com");
    await().atMost(PATIENCE).until(() -> note().contains("2026-12-13"));
    // Another process, that nobody came to, knows it from the note.
    one.names.close();
    Wants other = start().routed(SHOPS).until("shop-1.example.com", "shop-2.example.com");
    clock.advance(Duration.ofDays(11));

    hoursGoBy(() -> other.wanted().equals(Set.of("shop-2.example.com")));
    assertThat(note()).isEqualTo("shop-2.example.com 2026-11-23T12:00:00Z 2026-12-13\n");
    clock.advance(Duration.ofDays(20));
    hoursGoBy(() -> other.wanted().isEmpty());
    assertThat(note()).isEmpty();
  }

  @Test
  void aTimeWithoutAProxyIsNotOneWithoutClients() throws Exception {
    Wants before = start().routed(SHOPS).until();
    before.comes("shop-1.example.com");
    before.until("shop-1.example.com");
    before.comes("shop-2.example.com");
    before.until("shop-1.example.com", "shop-2.example.com");
    before.names.close();

    clock.advance(Duration.ofDays(40));
    Wants one = start().routed(SHOPS);
    assertThat(one.wanted()).containsExactlyInAnyOrder("shop-1.example.com", "shop-2.example.com");
    one.comes("shop-2.example.com");
    await().atMost(PATIENCE).until(() -> note().contains("2027-01-02"));
    assertThat(note().lines()).hasSize(2);

    hoursGoBy(() -> one.wanted().equals(Set.of("shop-2.example.com")));
  }

  @Test
  void aClockThatJumpsForAMomentForgetsNothing() throws Exception {
    Wants one = start().routed(SHOPS).until();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");
    Wants other = start().routed(SHOPS).until("shop-1.example.com");

    clock.advance(Duration.ofDays(100));
    other.comes("shop-2.example.com");
    one.until("shop-1.example.com", "shop-2.example.com"); // it has looked since
    clock.advance(Duration.ofDays(-100));
    other.comes("shop-3.example.com");
    one.until("shop-1.example.com", "shop-2.example.com", "shop-3.example.com");
  }

  private void hoursGoBy(BooleanSupplier until) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              clock.advance(Duration.ofHours(1));
              return until.getAsBoolean();
            });
  }

  @Test
  void thatSomebodyComesIsWrittenOnceADay() throws Exception {
    Wants one = start().routed(SHOPS).until();
    one.comes("shop-1.example.com");
    one.until("shop-1.example.com");
    clock.advance(Duration.ofDays(1));
    one.comes("shop-1.example.com");
    String line = "shop-1.example.com 2026-11-23T12:00:00Z 2026-11-24\n";
    await().atMost(PATIENCE).until(() -> note().contains(line));
    Wants other = start().routed(SHOPS).until("shop-1.example.com");

    for (int hours : List.of(7, 8, 8)) {
      clock.advance(Duration.ofHours(hours));
      one.comes("shop-1.example.com");
      other.comes("shop-%d.example.com".formatted(hours + other.wanted().size()));
      int names = other.wanted().size() + 1;
      // A look of its own has gone by when it knows what the other one did.
      await().atMost(PATIENCE).until(() -> one.wanted().size() == names);
      assertThat(note()).contains(line);
    }
    clock.advance(Duration.ofHours(1));
    one.comes("shop-1.example.com");
    await().atMost(PATIENCE).until(() -> note().contains(line.replace("-24\n", "-25\n")));
  }

  @Test
  void anAppThatChangesItsMindIsHeardWithinADay() throws Exception {
    Wants one = start().routed(asking()).until();
    one.comes("a.example.com");
    one.until("a.example.com");

    app.status = 500;
    clock.advance(Duration.ofDays(1));
    await().atMost(PATIENCE).until(() -> app.questions.size() == 2);
    app.status = 404;
    clock.advance(Duration.ofDays(1));
    one.until();
    assertThat(app.questions).hasSize(3);
    assertThat(note()).isEmpty();
    assertThat(one.comes("a.example.com")).isTrue();
  }

  @Test
  void withoutTheStorageNothingNewIsWanted() throws Exception {
    Wants one = start().routed(SHOPS).until();
    broken.set(true);
    CompletionStage<Void> waiting = one.names.arrival("shop-1.example.com");

    await().atMost(PATIENCE).until(() -> waiting.toCompletableFuture().isDone());
    assertThat(one.wanted()).isEmpty();
    assertThat(one.names.counts().failed()).isEqualTo(1);
    Wants other = start();
    other.routed(SHOPS);
    assertThat(other.told.getFirst()).as("what is routed is").containsExactly(ROUTED);

    broken.set(false);
    clock.advance(Refusals.TIME);
    assertThat(one.comes("shop-1.example.com")).isFalse();
    one.until("shop-1.example.com");
    other.until("shop-1.example.com");
  }

  @Test
  void aStartWithoutTheStorageWantsWhatThereAreCopiesOf() {
    copied =
        Stream.of("shop-1.example.com", "blog.example.com", "shop-1.example.org", "*.example.com")
            .map(name -> HostPattern.parse(name).orElseThrow())
            .collect(Collectors.toSet());
    Wants before = start().routed(SHOPS).until();
    before.comes("shop-1.example.com");
    before.until("shop-1.example.com");
    before.names.close();

    broken.set(true);
    Wants one = start().routed(SHOPS);
    assertThat(one.wanted()).containsExactly("shop-1.example.com");
    assertThat(one.comes("shop-1.example.com")).isTrue();
    assertThat(one.names.counts().failed()).isZero();

    one.names.changed(serving("shop-1.example.com"));
    broken.set(false);
    await().atMost(PATIENCE).until(() -> one.names.counts().names() == 1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(one.comes("shop-1.example.com")).as("waits").isTrue());
    one.until("shop-1.example.com");
  }

  @Test
  void aStorageThatHangsAtAStartIsNotWaitedForWhereThereAreCopies() {
    copied = Set.of(HostPattern.parse("shop-1.example.com").orElseThrow());
    timeout = PATIENCE.multipliedBy(2);
    answers = new CountDownLatch(1);
    Wants one;
    try {
      one = start().routed(SHOPS);
      assertThat(one.wanted()).containsExactly("shop-1.example.com");
    } finally {
      answers.countDown();
    }

    one.until();
    assertThat(one.comes("shop-1.example.com")).isFalse();
    one.until("shop-1.example.com");
  }

  @Test
  void aCopyThatCannotBeReadEither() {
    copied = null;
    broken.set(true);
    Wants one = start().routed(SHOPS);
    assertThat(one.told.getFirst()).as("what is routed is").containsExactly(ROUTED);

    broken.set(false);
    clock.advance(Refusals.TIME);
    await().atMost(PATIENCE).until(() -> !one.comes("shop-1.example.com"));
    one.until("shop-1.example.com");
  }

  private static ServedCertificates serving(String name) {
    HostPattern host = HostPattern.parse(name).orElseThrow();
    return new ServedCertificates(
        Map.of(
            host,
            new ServedCertificate(
                Keys.newP256().getPrivate(), List.of(), ServedCertificate.Origin.ACME)),
        Optional.empty());
  }

  @Test
  void whatComesBeforeTheStartIsNothing() {
    OnDemandNames early = new OnDemandNames(OnDemandSettings.DEFAULT, clock);
    early.routed(Set.of(ROUTED), Map.of(WILDCARD, List.of(SHOPS)), Set.of(WILDCARD));

    assertThat(early.arrival("shop-1.example.com").toCompletableFuture()).isDone();
    assertThat(early.counts()).isEqualTo(new OnDemandCounts(0, 0, 0, 0, 0));
    assertThat(Stream.of("", "shop-1.example.com.").map(early::arrival))
        .allMatch(stage -> stage.toCompletableFuture().isDone());
    early.close();
  }
}
