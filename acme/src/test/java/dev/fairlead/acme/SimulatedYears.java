package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.simulated.VirtualClock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Instances on one storage whose looks come one after the other, at the moments that they asked
 * for: years of them in a minute. Each is thrown away and made anew at random times. At each look
 * it is asserted that what was served since the one before has not expired, nor has what is served
 * from then on.
 */
final class SimulatedYears implements AutoCloseable {

  /** Where certificates are good, instances look this often; {@link Pace#NORMAL} says so. */
  private static final Duration ROUND = Pace.NORMAL.settled();

  private static final Duration BETWEEN_STARTS = Duration.ofDays(20);

  private final VirtualClock clock;
  private final StorageSettings storage;
  private final Random random;
  private final PriorityQueue<Look> looks =
      new PriorityQueue<>(Comparator.comparing(Look::at).thenComparingLong(Look::number));
  private final List<Crew> crews = new ArrayList<>();
  private final Set<HostPattern> issued = new HashSet<>();
  private final Map<HostPattern, Duration> least = new HashMap<>();
  private final Map<Instant, Check> checks = new HashMap<>();
  private long looksSoFar;
  private int starts;

  /** Something to be seen at a moment on the way. */
  @FunctionalInterface
  interface Check {
    void run();
  }

  SimulatedYears(VirtualClock clock, StorageSettings storage, Random random) {
    this.clock = clock;
    this.storage = storage;
    this.random = random;
  }

  /**
   * Adds an instance that begins at once.
   *
   * @param pace where all is well, it looks at the moments that matter and this often beside; a
   *     real one looks every few minutes and finds nothing to do
   */
  void add(AcmeSettings acme, Duration pace, List<HostPattern> names) {
    Crew crew = new Crew(acme, pace, names);
    crews.add(crew);
    crew.start();
  }

  /** Lets something be done at a moment. */
  void at(Instant moment, Check check) {
    checks.put(moment, check);
    looks.add(new Look(moment, looksSoFar++, Optional.empty(), 0, Optional.empty()));
  }

  /** Goes on until a moment. */
  void run(Instant end) throws StorageException, InterruptedException {
    while (!looks.isEmpty() && looks.element().at.isBefore(end)) {
      Look look = looks.remove();
      clock.moveTo(look.at);
      if (look.crew.isPresent()) {
        look.crew.get().work(look);
      } else {
        Optional.ofNullable(checks.get(look.at)).orElseThrow().run();
      }
    }
    clock.moveTo(end);
  }

  /** What each name is served with by each instance. */
  List<ServedCertificate> served() {
    return crews.stream()
        .flatMap(crew -> crew.names.stream().flatMap(name -> crew.instance.served(name).stream()))
        .toList();
  }

  /** How long the certificate of a name had at least, at any time. */
  Duration leastLeft(HostPattern host) {
    return Optional.ofNullable(least.get(host)).orElseThrow();
  }

  /** How often something was looked at. */
  long looks() {
    return looksSoFar;
  }

  /** How often an instance began. */
  int starts() {
    return starts;
  }

  @Override
  public void close() {
    for (Crew crew : crews) {
      crew.instance.close();
    }
  }

  private Duration any(Duration limit) {
    return Duration.ofMillis(random.nextLong(limit.toMillis()));
  }

  private Duration untilNextStart() {
    return Duration.ofSeconds(
        (long) (-Math.log(1 - random.nextDouble()) * BETWEEN_STARTS.toSeconds()));
  }

  /**
   * What comes next for a name of an instance.
   *
   * @param start which of the instance's starts it belongs to
   * @param host empty for the instance's next start
   */
  private record Look(
      Instant at, long number, Optional<Crew> crew, int start, Optional<HostPattern> host) {}

  /** One instance, as often as it starts. */
  private final class Crew {

    private final AcmeSettings acme;
    private final Pace pace;
    private final List<HostPattern> names;
    private final Map<HostPattern, ServedCertificate> before = new HashMap<>();
    private final Set<HostPattern> looked = new HashSet<>();
    private SteppedInstance instance;
    private int start;

    private Crew(AcmeSettings acme, Duration settled, List<HostPattern> names) {
      this.acme = acme;
      this.names = names;
      this.pace =
          new Pace(
              Pace.NORMAL.changes(),
              Duration.ofHours(1), // a look that is asked for sooner comes at its moment
              settled,
              Pace.NORMAL.whileOrdered(),
              Pace.NORMAL.orderLimit());
      this.instance = new SteppedInstance(acme, storage, clock, pace);
    }

    private void start() {
      starts++;
      start++;
      looked.clear();
      for (HostPattern name : names) {
        next(Optional.of(name), any(Duration.ofSeconds(10)));
      }
      next(Optional.empty(), untilNextStart());
    }

    private void next(Optional<HostPattern> host, Duration pause) {
      looks.add(
          new Look(clock.instant().plus(pause), looksSoFar++, Optional.of(this), start, host));
    }

    private void work(Look look) throws StorageException, InterruptedException {
      if (look.start != start) {
        return; // asked for by one that is gone
      }
      if (look.host.isPresent()) {
        look(look.host.get());
      } else {
        instance.close();
        instance = new SteppedInstance(acme, storage, clock, pace);
        start();
      }
    }

    private void look(HostPattern host) throws StorageException, InterruptedException {
      boolean first = looked.add(host);
      instance.served(host).ifPresent(now -> note(host, now));
      Duration pause = instance.look(host);
      Optional<ServedCertificate> after = instance.served(host);
      after.ifPresent(now -> note(host, now));
      assertThat(after.isPresent() || !issued.contains(host))
          .as("something is served for %s at %s", host, clock.instant())
          .isTrue();
      next(Optional.of(host), next(host, pause, first));
    }

    /** What is good is looked at in rounds; here only at those in which something is to be done. */
    private Duration next(HostPattern host, Duration pause, boolean first) {
      if (pause.compareTo(pace.settled()) < 0) {
        return pause.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : pause;
      }
      Instant now = clock.instant();
      Duration half = pace.settled().dividedBy(2);
      Duration usual = first ? any(ROUND) : half.plus(any(half));
      return instance
          .renewAt(host)
          .filter(due -> due.isAfter(now))
          .map(due -> Duration.between(now, due).plus(any(ROUND)))
          .filter(due -> due.compareTo(usual) < 0)
          .orElse(usual);
    }

    private void note(HostPattern host, ServedCertificate now) {
      issued.add(host);
      Duration left = Duration.between(clock.instant(), now.notAfter());
      assertThat(left).as("life of %s at %s", host, clock.instant()).isPositive();
      least.merge(host, left, (one, other) -> one.compareTo(other) < 0 ? one : other);
      ServedCertificate last = before.put(host, now);
      if (last != null) {
        assertThat(now.notBefore())
            .as("age of what is served for %s", host)
            .isAfterOrEqualTo(last.notBefore());
      }
    }
  }
}
