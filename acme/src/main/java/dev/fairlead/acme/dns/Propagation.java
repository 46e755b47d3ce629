package dev.fairlead.acme.dns;

import dev.fairlead.acme.dns.ZoneView.Place;
import dev.fairlead.acme.dns.ZoneView.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until every server of its zone has a record: a CA asks any of them, from several places,
 * and an order that fails counts against the account (RFC 8555 §8.2).
 */
final class Propagation {

  private static final Logger LOG = LoggerFactory.getLogger(Propagation.class);

  /** An address without an answer in so many looks is out of reach from here, not from the CA. */
  private static final int SILENT_LOOKS = 3;

  private final ZoneView view;
  private final Duration limit;
  private final Duration pause;
  private final Ticker ticker;

  /**
   * Makes what waits.
   *
   * @param limit of one wait; zero to wait for nothing
   * @param pause between two looks
   */
  Propagation(ZoneView view, Duration limit, Duration pause, Ticker ticker) {
    this.view = view;
    this.limit = limit;
    this.pause = pause;
    this.ticker = ticker;
  }

  /**
   * Returns once the record is to be seen.
   *
   * @param whenUnseen what to look at when it is not, in words
   */
  void await(TxtRecord record, String whenUnseen) throws DnsException, InterruptedException {
    if (limit.isZero()) {
      return;
    }
    long end = ticker.nanos() + limit.toNanos();
    Place place = view.place(record.name());
    Map<NameServer, Seen> seen = new LinkedHashMap<>();
    for (int looks = 1; ; looks++) {
      look(place, record.value(), seen);
      List<NameServer> missing = those(seen, Seen.MISSING);
      List<NameServer> silent = those(seen, Seen.SILENT);
      boolean here = seen.containsValue(Seen.HERE);
      if (missing.isEmpty() && here && (silent.isEmpty() || looks >= SILENT_LOOKS)) {
        silent.forEach(server -> LOG.debug("{}: no answer from {}", record.name(), server));
        return;
      }
      if (ticker.nanos() + pause.toNanos() - end > 0) {
        throw new DnsException(unseen(place, missing, silent, whenUnseen));
      }
      ticker.sleep(pause);
    }
  }

  private String unseen(
      Place place, List<NameServer> missing, List<NameServer> silent, String whenUnseen) {
    if (missing.isEmpty()) {
      return "none of the servers of the zone %s answers here: %s (expected: a way out to port 53"
              .formatted(place.zone().toString(true), list(silent))
          + " by UDP or TCP, or acme.dns.wait=0s to ask none)";
    }
    return "the TXT record of %s was not at %s within %d s (expected: %s)"
        .formatted(place.name().toString(true), list(missing), limit.toSeconds(), whenUnseen);
  }

  private static String list(List<NameServer> servers) {
    return servers.stream().map(NameServer::toString).collect(Collectors.joining(", "));
  }

  private static List<NameServer> those(Map<NameServer, Seen> seen, Seen wanted) {
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue() == wanted)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Looks at all that did not have it yet, at once: one that is away takes seconds. */
  private void look(Place place, String value, Map<NameServer, Seen> seen)
      throws InterruptedException {
    List<NameServer> open =
        place.servers().stream().filter(server -> seen.get(server) != Seen.HERE).toList();
    try (ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Seen>> answers = new ArrayList<>();
      for (NameServer server : open) {
        answers.add(looks.submit(() -> view.look(server, place.name(), value)));
      }
      try {
        for (int i = 0; i < open.size(); i++) {
          seen.put(open.get(i), answers.get(i).get());
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a look at " + place.zone(), e.getCause());
      } finally {
        looks.shutdownNow();
      }
    }
  }
}
