package dev.fairlead.acme;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.fairlead.acme.pebble.AnswersOnShare;
import dev.fairlead.acme.simulated.Conduct;
import dev.fairlead.acme.simulated.Customers;
import dev.fairlead.acme.simulated.Outages;
import dev.fairlead.acme.simulated.Outages.Manner;
import dev.fairlead.acme.simulated.Outages.Outage;
import dev.fairlead.acme.simulated.SimulatedCa;
import dev.fairlead.acme.simulated.SimulatedOrder;
import dev.fairlead.acme.simulated.SimulatedOrder.Kind;
import dev.fairlead.acme.simulated.VirtualClock;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.KeySettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Years of renewals at CAs that are down for a twentieth of the time and for one whole week, and
 * that keep Let's Encrypt's limits: nothing that is served ever expires. Long because what is
 * asserted of a life, and told of it at the end, stands beside the lives that it is about.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class YearsOfRenewalsTest {

  private static final Instant START = Instant.parse("2026-11-26T09:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final double DOWN = 0.05;
  private static final String DOMAIN = "fairlead-tests.com";
  private static final String OTHER_DOMAIN = "fairlead-tests.net";

  /** Those of Let's Encrypt, at CAs that are not known by their address. */
  private static final AcmeLimits LIMITS =
      new AcmeLimits(
          Optional.of(new Rate(300, Duration.ofHours(3))),
          Optional.of(new Rate(50, WEEK)),
          Optional.of(new Rate(5, WEEK)),
          Optional.of(new Rate(5, Duration.ofHours(1))));

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.fairlead.acme");
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final VirtualClock clock = new VirtualClock(START);
  private final List<SimulatedCa> cas = new ArrayList<>();

  @TempDir(factory = FastFolder.class)
  Path folder;

  @BeforeEach
  void quiet() {
    log.setLevel(Level.ERROR); // there are thousands of failures
  }

  @AfterEach
  void stop() {
    log.setLevel(null);
    cas.forEach(SimulatedCa::close);
  }

  @Test
  void inAYearNoCertificateExpires() throws Exception {
    live(Duration.ofDays(365), 2);
  }

  @Test
  @Tag("long")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void inThreeYearsNoneOfAHundredCertificatesExpires() throws Exception {
    live(Duration.ofDays(3 * 365), 20);
  }

  private void live(Duration length, int namesOfEachLife) throws Exception {
    Instant end = START.plus(length);
    Instant week = START.plus(length.dividedBy(2)).plus(any(Duration.ofDays(60)));
    Outage whole =
        new Outage(week, week.plus(WEEK), List.of(Manner.values()).get(random.nextInt(3)));
    SimulatedCa first = ca(Outages.random(random, START, end, DOWN).with(whole), 200, 50);
    SimulatedCa second = ca(Outages.random(random, START, end, DOWN), 200, 50);
    System.out.printf("seed %d, a week's outage (%s) from %s%n", seed, whole.manner(), week);
    List<HostPattern> names = names(namesOfEachLife);
    List<HostPattern> brief = names.stream().filter(Life.HOURS_160::isOf).toList();
    List<HostPattern> others = names.stream().filter(name -> !brief.contains(name)).toList();
    Instant revocation = START.plus(length.dividedBy(4));
    long begun = System.nanoTime();
    try (SimulatedYears years =
        new SimulatedYears(clock, new StorageSettings(storage(), DAY), random)) {
      years.add(settings(first, Optional.empty()), Duration.ofHours(8), others);
      years.add(settings(first, Optional.empty()), Duration.ofHours(8), every(3, others));
      years.add(settings(first, Optional.of(second)), Duration.ofHours(4), brief);
      years.add(settings(first, Optional.of(second)), Duration.ofHours(4), every(2, brief));
      years.at(
          revocation,
          () -> {
            first.replaceAll();
            second.replaceAll();
          });
      years.at(
          revocation.plus(DAY.multipliedBy(3)),
          () ->
              assertThat(years.served())
                  .as("what was to be replaced at %s is replaced", revocation)
                  .allMatch(
                      served ->
                          served.notBefore().isAfter(revocation.minus(Duration.ofMinutes(61)))));
      years.run(end);
      report(years, first, second, names, length, Duration.ofNanos(System.nanoTime() - begun));
      assertThatNobodyStormed(first, names.size());
      assertThatNobodyStormed(second, brief.size());
    }
    assertThat(first.refused()).as("refused, seed %d", seed).isEmpty();
    assertThat(second.refused()).as("refused at the second CA, seed %d", seed).isEmpty();
    List<Outages> outages = List.of(first.outages(), second.outages());
    assertThatWindowsWereKept(first, revocation, outages);
    assertThatWindowsWereKept(second, revocation, outages);
    assertThatCountsFit(names, length, first, second);
  }

  /**
   * Nobody who knew when to come came before, and late only who could not come, or had to wait for
   * the first CA.
   */
  private void assertThatWindowsWereKept(
      SimulatedCa ca, Instant revocation, List<Outages> outages) {
    Duration patience = Duration.ofHours(3);
    List<SimulatedOrder> usual =
        ca.orders().stream()
            .filter(order -> order.replaced().isPresent())
            .filter(
                order ->
                    order.time().isBefore(revocation)
                        || order.replaced().get().time().isAfter(revocation))
            .toList();
    for (SimulatedOrder order : usual) {
      Instant from = order.replaced().orElseThrow().window().start();
      Instant until = order.replaced().orElseThrow().window().end();
      assertThat(order.time())
          .as("renewal of %s, seed %d", order.host(), seed)
          .isAfterOrEqualTo(from);
      if (outages.stream().noneMatch(each -> each.touch(from, order.time()))) {
        assertThat(order.time())
            .as("renewal of %s, seed %d", order.host(), seed)
            .isBefore(until.plus(patience));
      }
    }
  }

  /**
   * In no hour more requests than a name has tries in its first hour, and in a day so many as the
   * pauses let it have, and questions about its renewal.
   */
  private void assertThatNobodyStormed(SimulatedCa ca, int names) {
    assertThat(most(ca.metNobody(), ChronoUnit.HOURS))
        .as("requests in an hour while nobody was there, seed %d", seed)
        .isLessThanOrEqualTo(12L * names);
    assertThat(most(ca.metNobody(), ChronoUnit.DAYS))
        .as("requests in a day while nobody was there, seed %d", seed)
        .isLessThanOrEqualTo(60L * names);
  }

  private static long most(List<Instant> times, ChronoUnit unit) {
    return times.stream()
        .collect(groupingBy(time -> time.truncatedTo(unit), counting()))
        .values()
        .stream()
        .mapToLong(count -> count)
        .max()
        .orElse(0);
  }

  private void assertThatCountsFit(
      List<HostPattern> names, Duration length, SimulatedCa first, SimulatedCa second) {
    for (HostPattern name : names) {
      Life life = Life.of(name.toString());
      long done = done(first, second, name);
      double most = (double) length.toSeconds() / life.shortest.toSeconds() * life.used;
      assertThat((double) done)
          .as("certificates of %s, seed %d", name, seed)
          .isBetween((double) length.toSeconds() / life.longest.toSeconds(), most + 3);
    }
  }

  private static long done(SimulatedCa first, SimulatedCa second, HostPattern name) {
    return Stream.of(first, second)
        .flatMap(ca -> ca.orders().stream())
        .filter(order -> order.host().equals(name.toString()) && order.isDone())
        .count();
  }

  private static void report(
      SimulatedYears years,
      SimulatedCa first,
      SimulatedCa second,
      List<HostPattern> names,
      Duration length,
      Duration took) {
    System.out.printf(
        "%d names, %d days in %d s: %d looks, %d starts of instances%n",
        names.size(), length.toDays(), took.toSeconds(), years.looks(), years.starts());
    for (SimulatedCa ca : List.of(first, second)) {
      Map<Kind, Long> kinds =
          new TreeMap<>(ca.orders().stream().collect(groupingBy(SimulatedOrder::kind, counting())));
      System.out.printf(
          "%s CA: %d orders %s, %d without a certificate; down %d times, %.2f %% of the time;"
              + " %d requests, %d of them met nobody, %d in an hour and %d in a day at most; %s;"
              + " refused by limits: %s%n",
          ca == first ? "first" : "second",
          ca.orders().size(),
          kinds,
          ca.orders().stream().filter(order -> !order.isDone()).count(),
          ca.outages().all().size(),
          100.0 * ca.outages().total().toSeconds() / length.toSeconds(),
          ca.requests(),
          ca.metNobody().size(),
          most(ca.metNobody(), ChronoUnit.HOURS),
          most(ca.metNobody(), ChronoUnit.DAYS),
          ca.mishaps(),
          ca.refused());
    }
    for (Life life : Life.values()) {
      List<HostPattern> of = names.stream().filter(life::isOf).toList();
      System.out.printf(
          "%s: certificates of a name %s, least life left %s%n",
          life,
          of.stream().mapToLong(name -> done(first, second, name)).summaryStatistics(),
          of.stream().map(years::leastLeft).min(Duration::compareTo).orElseThrow());
    }
  }

  @Test
  void aHundredNamesOfOneDayAreRenewedAtManyHours() throws Exception {
    SimulatedCa ca = ca(Outages.NONE, 0, 0);
    List<HostPattern> names =
        IntStream.range(0, 100)
            .mapToObj(i -> host(Life.DAYS_45, i, i % 2 == 0 ? DOMAIN : OTHER_DOMAIN))
            .toList();
    Instant end = START.plus(DAY.multipliedBy(34));
    try (SimulatedYears years =
        new SimulatedYears(clock, new StorageSettings(storage(), DAY), random)) {
      years.add(settings(ca, Optional.empty()), DAY, names);
      years.run(end);
    }
    assertThat(ca.refused()).isEmpty();
    List<Instant> first = times(ca, order -> order.replaced().isEmpty());
    List<Instant> renewals = times(ca, order -> order.replaced().isPresent());
    System.out.printf(
        "100 names: first orders from %s to %s, renewals from %s to %s, %d in an hour at most%n",
        first.getFirst(),
        first.getLast(),
        renewals.getFirst(),
        renewals.getLast(),
        most(renewals, ChronoUnit.HOURS));
    assertThat(first).hasSize(100);
    assertThat(first.getLast()).isBefore(START.plus(Duration.ofMinutes(1)));
    assertThat(renewals).hasSize(100);
    assertThat(most(renewals, ChronoUnit.HOURS)).isLessThanOrEqualTo(20);
    assertThat(Duration.between(renewals.getFirst(), renewals.getLast()))
        .isGreaterThan(Duration.ofHours(15));
  }

  private static List<Instant> times(SimulatedCa ca, Predicate<SimulatedOrder> which) {
    return ca.orders().stream().filter(which).map(SimulatedOrder::time).sorted().toList();
  }

  @Test
  void withoutASecondCaAWeekIsTooLongFor160HoursAndThatIsSaid() throws Exception {
    Instant from = START.plus(DAY.multipliedBy(2));
    Outage week = new Outage(from, from.plus(WEEK), Manner.ERROR);
    SimulatedCa ca = ca(Outages.NONE.with(week), 0, 0);
    HostPattern name = host(Life.HOURS_160, 1);
    AcmeSettings settings = settings(ca, Optional.empty());
    StorageSettings storage = new StorageSettings(storage(), DAY);
    Instant due = START.plus(Duration.ofHours(80));
    Instant end = START.plus(Duration.ofHours(159));
    try (SteppedInstance instance = new SteppedInstance(settings, storage, clock, Pace.NORMAL)) {
      look(instance, name, START.plusSeconds(60));
      assertThat(said(storage, settings)).isEmpty();

      look(instance, name, due.plus(DAY));
      assertThat(said(storage, settings).orElseThrow())
          .startsWith("certificate of " + name + ": its renewal is overdue since ")
          .contains(
              ", it ends at " + end + "; the CA's answer was an error, 503: ",
              "; next attempt at ");

      look(instance, name, end.plusSeconds(60));
      assertThat(said(storage, settings).orElseThrow())
          .startsWith("certificate of " + name + ": it expired at " + end + "; the CA's answer");
      assertThat(instance.served(name).orElseThrow().notAfter()).isEqualTo(end);

      look(instance, name, week.until().plus(Duration.ofHours(8)));
      assertThat(said(storage, settings)).isEmpty();
      assertThat(instance.served(name).orElseThrow().notAfter()).isAfter(clock.instant());
    }
  }

  @Test
  void aCaThatSaysWhenToAskAboutARenewalAgainIsAskedThen() throws Exception {
    Instant from = START.plus(Duration.ofHours(24).minusMinutes(10));
    Outage brief = new Outage(from, from.plus(Duration.ofMinutes(30)), Manner.BUSY);
    SimulatedCa ca = ca(Outages.NONE.with(brief), 0, 0);
    HostPattern name = host(Life.HOURS_160, 1);
    AcmeSettings settings = settings(ca, Optional.empty());
    StorageSettings storage = new StorageSettings(storage(), DAY);
    try (SteppedInstance instance = new SteppedInstance(settings, storage, clock, Pace.NORMAL)) {
      look(instance, name, brief.until().minusSeconds(60));
      assertThat(ca.metNobody()).hasSize(1);
      int before = ca.requests();

      look(instance, name, brief.until().plus(Duration.ofMinutes(10)));
      assertThat(ca.metNobody()).hasSize(1);
      assertThat(ca.requests()).isGreaterThan(before);
    }
  }

  /** Looks as often as it wants to until a moment. */
  private void look(SteppedInstance instance, HostPattern name, Instant until) throws Exception {
    while (clock.instant().isBefore(until)) {
      Duration pause = instance.look(name);
      Instant next =
          clock
              .instant()
              .plus(pause.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : pause);
      clock.moveTo(next.isAfter(until) ? until : next);
    }
  }

  private Optional<String> said(StorageSettings storage, AcmeSettings settings) throws Exception {
    return CertificateInventory.read(storage, settings, clock.instant())
        .orElseThrow()
        .getFirst()
        .problem(clock.instant());
  }

  /** The same number for each life. */
  private static List<HostPattern> names(int ofEachLife) {
    return Stream.of(Life.values())
        .flatMap(life -> IntStream.range(0, ofEachLife).mapToObj(i -> host(life, i)))
        .toList();
  }

  /** More of one domain than may be ordered at once, when there are many. */
  private static HostPattern host(Life life, int number) {
    return host(life, number, number % 5 < 3 ? DOMAIN : OTHER_DOMAIN);
  }

  private static HostPattern host(Life life, int number, String domain) {
    return Instance.host("%s-%d.%s".formatted(life.prefix, number, domain));
  }

  private static List<HostPattern> every(int step, List<HostPattern> names) {
    return IntStream.range(0, names.size())
        .filter(i -> i % step == 0)
        .mapToObj(names::get)
        .toList();
  }

  private Duration any(Duration limit) {
    return Duration.ofSeconds(random.nextLong(limit.toSeconds()));
  }

  private SimulatedCa ca(Outages outages, int accidents, int failures) throws Exception {
    SimulatedCa ca =
        new SimulatedCa(
            clock,
            new Conduct(
                new AnyCustomer(new AnswersOnShare(storage())),
                new Random(random.nextLong()),
                accidents,
                failures),
            outages);
    cas.add(ca);
    return ca;
  }

  private static AcmeSettings settings(SimulatedCa first, Optional<SimulatedCa> second) {
    return CaSettings.acme(
        authority(first.directory()),
        second.map(other -> authority(other.directory())),
        KeySettings.DEFAULT);
  }

  private static AuthoritySettings authority(URI directory) {
    return AuthoritySettings.plain(directory, Optional.empty(), Optional.empty())
        .withLimits(Optional.of(LIMITS));
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  /** What the CAs ask about their customers: names say themselves how long they live. */
  private record AnyCustomer(AnswersOnShare answers) implements Customers {

    @Override
    public Duration life(String host, Instant now) {
      return Life.of(host).at(now);
    }

    @Override
    public Duration askAgain(String host) {
      return Life.of(host) == Life.HOURS_160 ? Duration.ofHours(6) : DAY;
    }

    @Override
    public Optional<String> answer(String token) {
      return answers.apply(token).toCompletableFuture().join().found();
    }
  }

  /** How long certificates live. */
  private enum Life {
    DAYS_90("d90", Duration.ofDays(90), Duration.ofDays(90), 1.6),
    DAYS_64("d64", Duration.ofDays(64), Duration.ofDays(64), 1.6),
    DAYS_45("d45", Duration.ofDays(45), Duration.ofDays(45), 1.6),
    /** As Let's Encrypt has announced it: 90 days, 64 from next February on, then 45. */
    CALENDAR("announced", Duration.ofDays(45), Duration.ofDays(90), 1.6),
    HOURS_160("h160", Duration.ofHours(160), Duration.ofHours(160), 2.1);

    private static final Instant SIXTY_FOUR = Instant.parse("2027-02-10T00:00:00Z");
    private static final Instant FORTY_FIVE = Instant.parse("2028-02-16T00:00:00Z");

    private final String prefix;
    private final Duration shortest;
    private final Duration longest;

    /** How many follow each other in the time that one lives, at most. */
    private final double used;

    Life(String prefix, Duration shortest, Duration longest, double used) {
      this.prefix = prefix;
      this.shortest = shortest;
      this.longest = longest;
      this.used = used;
    }

    static Life of(String host) {
      return Stream.of(values())
          .filter(life -> host.startsWith(life.prefix + "-"))
          .findFirst()
          .orElseThrow();
    }

    boolean isOf(HostPattern host) {
      return of(host.toString()) == this;
    }

    Duration at(Instant now) {
      if (this != CALENDAR) {
        return longest;
      }
      return now.isBefore(SIXTY_FOUR)
          ? longest
          : now.isBefore(FORTY_FIVE) ? Duration.ofDays(64) : shortest;
    }
  }
}
