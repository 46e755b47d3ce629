package dev.fairlead.proxy.cluster;

import java.util.Arrays;
import java.util.List;

/**
 * The endpoints that a balancer chooses from. Immutable, but for what their states count.
 *
 * @param endpoints each once
 * @param turns each as often as its weight says, those of one far from each other; the same as
 *     {@code endpoints} where all weigh the same
 */
@SuppressWarnings("ArrayRecordComponent") // read at each request, and changed by nobody
record Candidates(Endpoint[] endpoints, Endpoint[] turns) {

  static Candidates of(List<Endpoint> endpoints) {
    Endpoint[] all = endpoints.toArray(Endpoint[]::new);
    int[] weights = endpoints.stream().mapToInt(one -> one.state().weight()).toArray();
    int divisor = Arrays.stream(weights).reduce(0, Candidates::commonDivisor);
    int[] reduced = Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    boolean alike = Arrays.stream(reduced).allMatch(weight -> weight == 1);
    return new Candidates(all, alike ? all : turns(all, reduced));
  }

  /** The same without some. */
  Candidates without(List<Endpoint> some) {
    return of(Arrays.stream(endpoints).filter(one -> !some.contains(one)).toList());
  }

  boolean isEmpty() {
    return endpoints.length == 0;
  }

  /** Whether all have the same weight. */
  boolean areAlike() {
    return turns.length == endpoints.length;
  }

  // Each turn goes to who is furthest behind its share.
  private static Endpoint[] turns(Endpoint[] endpoints, int[] weights) {
    int total = Arrays.stream(weights).sum();
    Endpoint[] turns = new Endpoint[total];
    int[] behind = new int[endpoints.length];
    for (int turn = 0; turn < total; turn++) {
      int next = 0;
      for (int i = 0; i < endpoints.length; i++) {
        behind[i] += weights[i];
        if (behind[i] > behind[next]) {
          next = i;
        }
      }
      behind[next] -= total;
      turns[turn] = endpoints[next];
    }
    return turns;
  }

  private static int commonDivisor(int one, int other) {
    return other == 0 ? one : commonDivisor(other, one % other);
  }
}
