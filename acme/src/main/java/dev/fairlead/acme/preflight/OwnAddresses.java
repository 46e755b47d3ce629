package dev.fairlead.acme.preflight;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses at which this cluster was found lately: from here they can be reached, so another
 * one that leads elsewhere leads elsewhere for the CA, too. Thread-safe.
 */
final class OwnAddresses {

  private static final Duration LATELY = Duration.ofHours(1);
  private static final int MOST = 16;

  private final Clock clock;
  private final Map<InetAddress, Instant> found =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Instant> eldest) {
          return size() > MOST;
        }
      };

  OwnAddresses(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(InetAddress address) {
    found.remove(address);
    found.put(address, clock.instant());
  }

  synchronized List<InetAddress> lately() {
    Instant since = clock.instant().minus(LATELY);
    return found.entrySet().stream()
        .filter(entry -> entry.getValue().isAfter(since))
        .map(Map.Entry::getKey)
        .toList();
  }
}
