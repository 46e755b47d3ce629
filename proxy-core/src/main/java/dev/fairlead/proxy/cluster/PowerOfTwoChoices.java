package dev.fairlead.proxy.cluster;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Of two endpoints taken at random, the less loaded one. Close to the best choice with two looks
 * only, and many proxies that choose at once do not all run to the same endpoint (Mitzenmacher,
 * "The Power of Two Choices in Randomized Load Balancing", 2001).
 */
final class PowerOfTwoChoices implements Balancer {

  private static final double CLEARLY_SLOWER = 4;

  @Override
  public @Nullable Endpoint pick(
      Candidates candidates, List<Endpoint> tried, long nowNanos, int key) {
    if (tried.isEmpty()) {
      return pick(candidates.turns(), nowNanos);
    }
    Candidates left = candidates.without(tried);
    return left.isEmpty() ? null : pick(left.turns(), nowNanos);
  }

  private static Endpoint pick(Endpoint[] turns, long nowNanos) {
    int count = turns.length;
    if (count == 1) {
      return turns[0];
    }
    long random = ThreadLocalRandom.current().nextLong();
    int first = scaled(random, count);
    int second = scaled(random >>> Integer.SIZE, count - 1);
    Endpoint one = turns[first];
    Endpoint other = turns[second < first ? second : second + 1];
    boolean takes = one.state().takes(nowNanos);
    if (takes != other.state().takes(nowNanos)) {
      return takes ? one : other;
    }
    return isBetter(other.state(), one.state(), nowNanos) ? other : one;
  }

  // From 32 random bits to a number below a bound, by a multiplication: a division costs ten times
  // as much. Its bias is the bound divided by 2^32.
  private static int scaled(long random, int bound) {
    return (int) (((random & 0xffff_ffffL) * bound) >>> Integer.SIZE);
  }

  /**
   * By requests in flight for the weight; times latency when one of them is clearly slower. Small
   * differences of latency are noise: following them would leave one of several equal tasks without
   * any request. A new one gets one request at a time until it has answered, instead of all of
   * them.
   */
  private static boolean isBetter(EndpointState one, EndpointState other, long now) {
    int inFlight = one.inFlight();
    int otherInFlight = other.inFlight();
    boolean unproven = one.isUnproven(inFlight);
    if (unproven != other.isUnproven(otherInFlight)) {
      return !unproven;
    }
    double latency = one.latencyNanos(now);
    double otherLatency = other.latencyNanos(now);
    boolean alike =
        latency < otherLatency * CLEARLY_SLOWER && otherLatency < latency * CLEARLY_SLOWER;
    int weight = one.weight();
    int otherWeight = other.weight();
    return alike
        ? inFlight * otherWeight < otherInFlight * weight
        : latency * (inFlight + 1) * otherWeight < otherLatency * (otherInFlight + 1) * weight;
  }
}
