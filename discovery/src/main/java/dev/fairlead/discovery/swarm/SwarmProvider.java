package dev.fairlead.discovery.swarm;

import dev.fairlead.config.bootstrap.DockerSettings;
import dev.fairlead.discovery.Discovery;
import dev.fairlead.discovery.Provider;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the labelled services of a Docker Swarm. A look is one call for the tasks, and one for the
 * services when they may have changed: after an event, when a task is of a service that is not
 * known, when no events come, and now and then.
 */
public final class SwarmProvider implements Provider {

  private static final String TASKS =
      "/tasks?filters="
          + URLEncoder.encode("{\"desired-state\":[\"running\"]}", StandardCharsets.UTF_8);
  private static final String SERVICES = "/services";
  private static final String NETWORKS =
      "/networks?filters=" + URLEncoder.encode("{\"scope\":[\"swarm\"]}", StandardCharsets.UTF_8);

  /** A stream of events over TCP can be dead without a sign: then this alone finds a new label. */
  private static final Duration SERVICES_OVER_TCP = Duration.ofSeconds(1);

  /** A stream on this machine ends when the engine does. */
  private static final Duration SERVICES_OVER_UNIX = Duration.ofSeconds(10);

  private final Optional<String> domain;
  private final InstantSource clock;
  private final OwnNetworks ownNetworks;
  private final Pace pace;
  private final EngineClient engine;
  private final EngineEvents events;
  private volatile Runnable wake = () -> {};

  private Answer<SwarmTask> tasks = Answer.none();
  private Answer<SwarmService> services = Answer.none();
  private Answer<SwarmNetwork> networks = Answer.none();

  /** Tasks of services that the list of services does not have, though it was asked for them. */
  private Set<String> unknownServices = Set.of();

  private SwarmTranslator.Translation translation =
      new SwarmTranslator.Translation(List.of(), List.of(), Map.of());
  private Discovery.@Nullable Complete complete;

  private SwarmProvider(
      DockerSettings settings,
      Optional<String> domain,
      InstantSource clock,
      Supplier<Machine> machine) {
    this.domain = domain;
    this.clock = clock;
    this.ownNetworks = new OwnNetworks(settings.networks(), machine);
    this.pace = new Pace(clock, settings.poll(), servicesAtLeast(settings.endpoint()));
    this.engine = EngineClient.of(settings.endpoint(), settings.timeout());
    this.events = new EngineEvents(engine, this::hint);
  }

  /**
   * A provider that connects when it is started.
   *
   * @param domain services without a host are at {@code <service>.<domain>}
   */
  public static SwarmProvider of(
      DockerSettings settings, Optional<String> domain, InstantSource clock) {
    return new SwarmProvider(settings, domain, clock, Machine::current);
  }

  /** As above, with what tells which task this process is. */
  static SwarmProvider of(
      DockerSettings settings,
      Optional<String> domain,
      InstantSource clock,
      Supplier<Machine> machine) {
    return new SwarmProvider(settings, domain, clock, machine);
  }

  @Override
  public String name() {
    return "Docker Swarm";
  }

  @Override
  public void start(Runnable wake) {
    this.wake = wake;
    events.start();
  }

  private void hint() {
    pace.hint();
    wake.run();
  }

  @Override
  public Duration pause() {
    return pace.pause();
  }

  @Override
  public void close() {
    events.close();
    engine.close();
  }

  @Override
  public Discovery look() {
    Instant start = clock.instant();
    try {
      Discovery.@Nullable Complete before = complete;
      Discovery.Complete now = lookOrThrow();
      pace.looked(start, !now.equals(before));
      return now;
    } catch (EngineException e) {
      pace.failed();
      engine.forgetVersion();
      return new Discovery.Failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Discovery.Failed("the look was broken off because the program ends");
    }
  }

  /** Keeps nothing of what it read until all of it is there. */
  private Discovery.Complete lookOrThrow() throws EngineException, InterruptedException {
    boolean servicesAreDue = pace.servicesAreDue(events.listening());
    var newTasks = engine.get(TASKS, tasks, EngineJson::tasks);
    Discovery.@Nullable Complete before = complete;
    if (before != null && newTasks == tasks && !servicesAreDue) {
      return before;
    }
    Set<String> named = new HashSet<>();
    newTasks.list().forEach(task -> named.add(task.serviceId()));

    var newServices = services;
    var newNetworks = networks;
    Set<String> newUnknown = unknown(named, newServices.list());
    if (servicesAreDue || !unknownServices.containsAll(newUnknown)) {
      newServices = engine.get(SERVICES, services, EngineJson::services);
      newUnknown = unknown(named, newServices.list());
      if (ownNetworks.areNamed()) {
        newNetworks = engine.get(NETWORKS, networks, EngineJson::networks);
      }
      pace.servicesWereRead();
    }

    List<SwarmNetwork> own = ownNetworks.find(newTasks.list(), newNetworks.list());
    Discovery.Complete result = before;
    if (result == null || newTasks != tasks || newServices != services || newNetworks != networks) {
      result = translate(new SwarmState(newServices.list(), newTasks.list(), own));
    }
    tasks = newTasks;
    services = newServices;
    networks = newNetworks;
    unknownServices = newUnknown;
    complete = result;
    return result;
  }

  private Discovery.Complete translate(SwarmState swarm) {
    translation = SwarmTranslator.translate(swarm, domain, translation.definitions());
    return new Discovery.Complete(translation.services(), translation.problems());
  }

  private static Duration servicesAtLeast(URI endpoint) {
    return endpoint.getScheme().equals("unix") ? SERVICES_OVER_UNIX : SERVICES_OVER_TCP;
  }

  private static Set<String> unknown(Set<String> named, List<SwarmService> services) {
    Set<String> unknown = new HashSet<>(named);
    unknown.remove("");
    services.forEach(service -> unknown.remove(service.id()));
    return unknown;
  }
}
