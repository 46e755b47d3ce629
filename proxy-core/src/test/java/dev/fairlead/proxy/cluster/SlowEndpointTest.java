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
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What visitors notice of one task that is slow by the default balancer; in a time of its own. */
class SlowEndpointTest {

  private static final Duration TIME = Duration.ofMinutes(2);
  private static final Duration STEADY = Duration.ofSeconds(10);

  private final SplittableRandom random = new SplittableRandom(1);
  private final PriorityQueue<Answer> answers = new PriorityQueue<>();
  private final Map<Endpoint, Integer> picks = new HashMap<>();
  private final long[] latencies = new long[(int) TIME.toMillis() * 2];
  private final long[] fastOnes = new long[(int) TIME.toMillis() * 2];
  private int count;
  private int fastCount;

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
    run(cluster, slow, perSecond, Duration.ofMillis(millis));

    double share = picks.getOrDefault(slow, 0) / (double) count;
    assertThat(share).isLessThan(0.01);
    assertThat(percentile(latencies, count)).isLessThan(1.5 * percentile(fastOnes, fastCount));
    // It is tried now and then: it may have recovered.
    assertThat(picks.getOrDefault(slow, 0)).isGreaterThan(5);
  }

  /**
   * Requests leave by chance. Answers take up to a fifth longer by chance, and one of fifty up to
   * five times as long, as where a collector of garbage or another program is at work.
   */
  private void run(Cluster cluster, Endpoint slow, int perSecond, Duration fast) {
    long start = Duration.ofHours(1).toNanos();
    for (long now = start; now < start + TIME.toNanos(); ) {
      now += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
      while (!answers.isEmpty() && answers.peek().atNanos() <= now) {
        take(Objects.requireNonNull(answers.poll()));
      }
      Endpoint endpoint = Objects.requireNonNull(cluster.pick(List.of(), now, 0));
      endpoint.state().started();
      double longer = random.nextInt(50) == 0 ? 4 * random.nextDouble() : random.nextDouble() / 5;
      long took = (long) (fast.toNanos() * (1 + longer));
      if (endpoint.equals(slow)) {
        took *= 10;
      }
      answers.add(new Answer(now + took, took, endpoint));
      if (now - start > STEADY.toNanos()) {
        picks.merge(endpoint, 1, Integer::sum);
        latencies[count++] = took;
        if (!endpoint.equals(slow)) {
          fastOnes[fastCount++] = took;
        }
      }
    }
  }

  private static void take(Answer answer) {
    EndpointState state = answer.endpoint().state();
    state.observe(answer.tookNanos(), answer.atNanos());
    state.outcomes().answered(200);
    state.finished();
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
