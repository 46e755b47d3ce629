package dev.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What visitors notice of one task that is slow by the default balancer; in a time of its own. */
class SlowEndpointTest {

  private static final Duration TIME = Duration.ofMinutes(2);
  private static final long START = Duration.ofHours(1).toNanos();
  private static final Duration STEADY = Duration.ofSeconds(10);

  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final SplittableRandom random = new SplittableRandom(1);
  private final PriorityQueue<Answer> answers = new PriorityQueue<>();
  private final Map<Endpoint, Integer> picks = new HashMap<>();
  private final long[] latencies = new long[(int) TIME.toMillis() * 2];
  private final long[] others = new long[(int) TIME.toMillis() * 2];
  private int count;
  private int otherCount;

  private record Answer(long atNanos, long tookNanos, Endpoint endpoint)
      implements Comparable<Answer> {

    @Override
    public int compareTo(Answer other) {
      return Long.compare(atNanos, other.atNanos);
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 3, 6", "300, 2, 6", "1000, 3, 6", "150, 5, 20"})
  void nearlyAllAreAsFastAsWithoutIt(int perSecond, int endpoints, int millis) {
    Cluster cluster = cluster(endpoints);
    Endpoint slow = cluster.endpoints().getFirst();
    run(
        cluster,
        perSecond,
        (endpoint, now) -> fast(Duration.ofMillis(millis)) * (endpoint.equals(slow) ? 10 : 1));

    double share = picks.getOrDefault(slow, 0) / (double) count;
    assertThat(share).isLessThan(0.01);
    assertThat(percentile(latencies, count)).isLessThan(1.5 * percentile(others, otherCount));
    // It is tried now and then: it may have recovered.
    assertThat(picks.getOrDefault(slow, 0)).isGreaterThan(5);
  }

  /** Each of three pauses now and then, for a twentieth of a second, as JVMs do. */
  @ParameterizedTest
  @ValueSource(ints = {300, 1000})
  void whoPausesNowAndThenHasItsShareOfRequests(int perSecond) {
    Cluster cluster = cluster(3);
    run(cluster, perSecond, (endpoint, now) -> fast(Duration.ofMillis(6)) + pause(endpoint, now));

    for (Endpoint endpoint : cluster.endpoints()) {
      assertThat(picks.getOrDefault(endpoint, 0) * 3.0 / count).isBetween(0.95, 1.05);
    }
  }

  /** Downloads and event streams count as in flight, so that one more or less is not much. */
  @ParameterizedTest
  @CsvSource({"300, 0, 6", "300, 30, 6", "300, 30, 20", "1000, 100, 20"})
  void whoFreezesHasNoMoreThanWhatIsUnderWay(int perSecond, int streams, int millis) {
    Cluster cluster = cluster(3);
    for (Endpoint endpoint : cluster.endpoints()) {
      for (int i = 0; i < streams; i++) {
        endpoint.state().started();
        answered(new Answer(START, fast(Duration.ofMillis(millis)), endpoint));
      }
    }
    Endpoint frozen = cluster.endpoints().getFirst();
    long since = START + TIME.toNanos() / 2;
    AtomicInteger lost = new AtomicInteger();
    run(
        cluster,
        perSecond,
        (endpoint, now) -> {
          if (!endpoint.equals(frozen) || now < since) {
            return fast(Duration.ofMillis(millis));
          }
          lost.incrementAndGet();
          return TIME.toNanos();
        });

    // of what is sent in the tenth of a second in which it could have answered
    assertThat(lost.get()).isLessThan(perSecond / 10 / 3 + 2);
  }

  /** What is left of a pause: one of each endpoint in ten seconds, never of two at once. */
  private static long pause(Endpoint endpoint, long now) {
    long at = (now + endpoint.toString().hashCode() * 1_234_567_891L) % PERIOD.toNanos();
    return at < 0 ? 0 : Math.max(0, PAUSE.toNanos() - at);
  }

  /** Up to a fifth longer by chance, and one of fifty up to five times as long. */
  private long fast(Duration usual) {
    double longer = random.nextInt(50) == 0 ? 4 * random.nextDouble() : random.nextDouble() / 5;
    return (long) (usual.toNanos() * (1 + longer));
  }

  /** How long an answer takes. */
  private interface Work {
    long nanos(Endpoint endpoint, long now);
  }

  /** Requests leave by chance. */
  private void run(Cluster cluster, int perSecond, Work work) {
    for (long now = START; now < START + TIME.toNanos(); ) {
      now += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
      while (!answers.isEmpty() && answers.peek().atNanos() <= now) {
        take(Objects.requireNonNull(answers.poll()));
      }
      Endpoint endpoint = Objects.requireNonNull(cluster.pick(List.of(), now, 0));
      endpoint.state().started();
      long took = work.nanos(endpoint, now);
      answers.add(new Answer(now + took, took, endpoint));
      if (now - START > STEADY.toNanos()) {
        picks.merge(endpoint, 1, Integer::sum);
        latencies[count++] = took;
        if (!endpoint.equals(cluster.endpoints().getFirst())) {
          others[otherCount++] = took;
        }
      }
    }
  }

  private static void take(Answer answer) {
    answered(answer);
    answer.endpoint().state().finished();
  }

  private static void answered(Answer answer) {
    EndpointState state = answer.endpoint().state();
    state.observe(answer.tookNanos(), answer.atNanos());
    state.outcomes().answered(200);
  }

  private static double percentile(long[] values, int count) {
    long[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[count * 99 / 100];
  }

  private static Cluster cluster(int endpoints) {
    ClusterSpec spec =
        new ClusterSpec(
            "shop",
            Balance.P2C,
            IntStream.rangeClosed(1, endpoints)
                .mapToObj(i -> new EndpointSpec("10.0.0." + i, 80))
                .toList());
    Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));
    return Objects.requireNonNull(clusters.update(List.of(spec), 1_000).get(spec.name()));
  }
}
