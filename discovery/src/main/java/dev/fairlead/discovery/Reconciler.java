package dev.fairlead.discovery;

import dev.fairlead.config.routing.RoutingSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trigger, look, merge, compare, publish. Each provider is looked at by a virtual thread of its
 * own, so that one that hangs holds up no other. What a provider last said completely stays in
 * force until it says something else completely.
 *
 * <p>All methods may be called by any thread.
 */
public final class Reconciler implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final List<ProviderWatch> watches = new ArrayList<>();
  private final Consumer<RoutingSpec> publish;

  /** Guards what is below, and makes the publishes one after the other. */
  private final ReentrantLock lock = new ReentrantLock();

  private Map<String, Discovery.Complete> found = Map.of();
  private Merge merged = new Merge(RoutingSpec.EMPTY, Map.of(), List.of());
  private @Nullable RoutingSpec refused;

  /** Whether the first publish waits for the providers that have not said anything yet. */
  private boolean waitsForAll = true;

  /** Written under the lock, read without it: a publish that hangs hides nothing. */
  private volatile List<ServiceProblem> problems = List.of();

  private volatile @Nullable RoutingSpec published;
  private volatile boolean closed;

  private Reconciler(List<Provider> providers, Consumer<RoutingSpec> publish, InstantSource clock) {
    this.publish = publish;
    for (Provider provider : providers) {
      watches.add(new ProviderWatch(provider, this::accept, clock));
    }
  }

  /**
   * A reconciler that is not started yet.
   *
   * @param publish gets each spec that differs from the one before, and always the first; called by
   *     one thread at a time, and not before every provider has said something: half of the routes
   *     would be taken for all of them. See {@link #waitNoLonger}
   * @param clock for {@link Health}
   */
  public static Reconciler of(
      List<Provider> providers, Consumer<RoutingSpec> publish, InstantSource clock) {
    return new Reconciler(providers, publish, clock);
  }

  /** Begins to look. */
  public void start() {
    watches.forEach(ProviderWatch::start);
  }

  /**
   * Publishes what some of the providers have said, without waiting any longer for the others. When
   * none has said anything, the first one that does is published at once.
   */
  public void waitNoLonger() {
    lock.lock();
    try {
      waitsForAll = false;
      publishIfNew();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at every provider now. */
  public void wake() {
    watches.forEach(ProviderWatch::wake);
  }

  /** What is wrong with single services at the moment, ordered by service. */
  public List<ServiceProblem> problems() {
    return problems;
  }

  /** How well it goes at the moment. */
  public Health health() {
    return new Health(published != null, watches.stream().map(ProviderWatch::health).toList());
  }

  /** Stops looking, and publishes nothing more; waits two seconds at most for each provider. */
  @Override
  public void close() {
    closed = true;
    watches.forEach(ProviderWatch::stop);
    watches.forEach(watch -> watch.awaitEnd(CLOSE_LIMIT));
  }

  private void accept(String provider, Discovery.Complete discovery) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (!discovery.equals(found.get(provider))) {
        merge(provider, discovery);
      }
      publishIfNew();
    } finally {
      lock.unlock();
    }
  }

  private void publishIfNew() {
    boolean enough = waitsForAll ? found.size() == watches.size() : !found.isEmpty();
    if (enough && !closed && !merged.spec().equals(published)) {
      publish(merged.spec());
    }
  }

  private void merge(String provider, Discovery.Complete discovery) {
    Map<String, Discovery.Complete> all = new LinkedHashMap<>(found);
    all.put(provider, discovery);
    Map<String, List<FoundService>> services = new LinkedHashMap<>();
    all.forEach((name, complete) -> services.put(name, complete.services()));
    merged = Merge.of(services, merged.owners());
    found = all;
    tellProblems();
  }

  private void tellProblems() {
    TreeSet<ServiceProblem> now = new TreeSet<>(merged.problems());
    found.values().forEach(complete -> now.addAll(complete.problems()));
    List<ServiceProblem> before = problems;
    now.stream()
        .filter(problem -> !before.contains(problem))
        .forEach(problem -> log.warn("Service {}", problem));
    before.stream()
        .filter(problem -> !now.contains(problem))
        .forEach(problem -> log.info("No longer so: service {}", problem));
    problems = List.copyOf(now);
  }

  private void publish(RoutingSpec spec) {
    try {
      publish.accept(spec);
    } catch (RuntimeException e) {
      // A defect of the consumer. The next look tries again; the log hears of each spec once.
      if (!spec.equals(refused)) {
        log.error("The new routes could not be put in force; those before stay.", e);
      }
      refused = spec;
      return;
    }
    RoutingChange.between(Optional.ofNullable(published), spec).ifPresent(log::info);
    published = spec;
    refused = null;
  }
}
