package dev.fairlead.proxy.health;

import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.upstream.CheckProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after endpoints that have left. Most of them end in peace what they are at work on. But one
 * that was killed may take its network with it before the end of its connections got here, and of a
 * machine that died nothing gets here at all: what waits for them would wait until its own time is
 * over. A system that refuses a connection is there, and so is what runs on it; one that says
 * nothing, not even that, is not. One thread at a time.
 */
final class Departures {

  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  /** Between two questions; the first one is asked after the first of these. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final int ENOUGH = 2;

  /** Who was chosen just before an endpoint left gets there within this time. */
  private static final Duration LAST_REQUEST = Duration.ofSeconds(10);

  private final Probe probe;
  private final Consumer<Endpoint> gone;
  private final Map<Endpoint, Departure> departures = new HashMap<>();

  private static final class Departure {
    private final long leftNanos;
    private long askNanos;
    private boolean asked;
    private int silences;

    Departure(long nowNanos) {
      leftNanos = nowNanos;
      askNanos = nowNanos + PAUSE.toNanos();
    }
  }

  /**
   * @param gone told of endpoints that nothing comes from any more
   */
  Departures(Probe probe, Consumer<Endpoint> gone) {
    this.probe = probe;
    this.gone = gone;
  }

  /**
   * Looks at all of them.
   *
   * @param left since the last time
   * @param answers runs what is told of a probe, later, as this method is run
   */
  void look(List<Endpoint> left, long nowNanos, Consumer<Answer> answers) {
    left.forEach(endpoint -> departures.put(endpoint, new Departure(nowNanos)));
    departures.entrySet().removeIf(one -> isOver(one.getKey(), one.getValue(), nowNanos));
    for (Endpoint endpoint : new ArrayList<>(departures.keySet())) {
      Departure departure = departures.get(endpoint);
      if (departure != null && !departure.asked && nowNanos - departure.askNanos >= 0) {
        ask(endpoint, departure, answers);
      }
    }
  }

  private static boolean isOver(Endpoint endpoint, Departure departure, long nowNanos) {
    return endpoint.state().inFlight() == 0
        && nowNanos - departure.leftNanos >= LAST_REQUEST.toNanos();
  }

  private void ask(Endpoint endpoint, Departure departure, Consumer<Answer> answers) {
    if (endpoint.state().inFlight() == 0) {
      return;
    }
    departure.asked = true;
    probe.ask(
        endpoint,
        Probe.CONNECTION,
        problem -> answers.accept((_, nowNanos) -> heard(endpoint, departure, problem, nowNanos)));
  }

  private void heard(
      Endpoint endpoint, Departure departure, @Nullable CheckProblem problem, long nowNanos) {
    departure.asked = false;
    departure.askNanos = nowNanos + PAUSE.toNanos();
    boolean silent = problem != null && problem.silent() && !problem.refused();
    departure.silences = silent ? departure.silences + 1 : 0;
    if (departure.silences >= ENOUGH && departures.remove(endpoint, departure)) {
      LOG.info(
          "task {}, which has left, is gone ({}): {} requests that it was at work on are not"
              + " waited for",
          endpoint,
          problem,
          endpoint.state().inFlight());
      gone.accept(endpoint);
    }
  }
}
