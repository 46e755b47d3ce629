package dev.fairlead.discovery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at one provider, again and again, on a virtual thread of its own. */
final class ProviderWatch {

  private static final Logger log = LoggerFactory.getLogger(ProviderWatch.class);

  /** How many different causes of one outage are logged. */
  private static final int CAUSES_AT_MOST = 5;

  private final Provider provider;
  private final BiConsumer<String, Discovery.Complete> accept;
  private final InstantSource clock;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;
  private final Set<String> logged = new HashSet<>();
  private volatile boolean stopped;
  private volatile Health.ProviderHealth health;

  /**
   * A watch that is not started yet.
   *
   * @param accept gets the provider's name and what it found
   */
  ProviderWatch(
      Provider provider, BiConsumer<String, Discovery.Complete> accept, InstantSource clock) {
    this.provider = provider;
    this.accept = accept;
    this.clock = clock;
    this.health = new Health.ProviderHealth(provider.name(), Optional.empty(), Optional.empty());
    this.thread = Thread.ofVirtual().name("discovery " + provider.name()).unstarted(this::run);
  }

  void start() {
    provider.start(this::wake);
    thread.start();
  }

  /** Ends the pause between two looks; one look is enough for any number of calls before it. */
  void wake() {
    wakes.release();
  }

  Health.ProviderHealth health() {
    return health;
  }

  void stop() {
    stopped = true;
    thread.interrupt();
    provider.close();
  }

  void awaitEnd(Duration limit) {
    try {
      if (thread.getState() != Thread.State.NEW && !thread.join(limit)) {
        log.warn("{} did not stop within {} s.", provider.name(), limit.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopped) {
      lookOnce();
      try {
        if (wakes.tryAcquire(provider.pause().toNanos(), TimeUnit.NANOSECONDS)) {
          wakes.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void lookOnce() {
    try {
      Discovery discovery = provider.look();
      if (!stopped) {
        take(discovery);
      }
    } catch (RuntimeException e) {
      if (logged.isEmpty()) {
        log.error("Looking at {} failed by a defect of this program.", provider.name(), e);
      }
      failed("a defect of this program: " + e);
    }
  }

  private void take(Discovery discovery) {
    // no pattern switch: it would make a class in every start
    if (discovery instanceof Discovery.Failed(String cause)) {
      failed(cause);
    } else {
      accept.accept(provider.name(), (Discovery.Complete) discovery);
      health =
          new Health.ProviderHealth(
              provider.name(), Optional.of(clock.instant()), Optional.empty());
      if (!logged.isEmpty()) {
        logged.clear();
        log.info("{} can be looked at again.", provider.name());
      }
    }
  }

  private void failed(String cause) {
    Optional<Instant> lastGood = health.lastGoodLook();
    health = new Health.ProviderHealth(provider.name(), lastGood, Optional.of(cause));
    if (logged.size() < CAUSES_AT_MOST && logged.add(cause)) {
      log.warn(
          "{} cannot be looked at: {}. {}",
          provider.name(),
          cause,
          lastGood.isPresent()
              ? "What it said before stays in force."
              : "It has not said anything yet.");
    }
  }
}
