package dev.fairlead.proxy.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One endpoint after the other; those that were tried already are passed over. */
final class RoundRobin implements Balancer {

  private final AtomicInteger next = new AtomicInteger();

  @Override
  public @Nullable Endpoint pick(Endpoint[] endpoints, List<Endpoint> tried) {
    int start = next.getAndIncrement();
    for (int i = 0; i < endpoints.length; i++) {
      Endpoint endpoint = endpoints[Math.floorMod(start + i, endpoints.length)];
      if (!tried.contains(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }
}
