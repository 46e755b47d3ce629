package dev.fairlead.acme;

import dev.fairlead.config.routing.HostPattern;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts together what all keepers serve and hands it on when it changed, on a virtual thread of its
 * own. Says nothing before every name of the first wanted set was looked at.
 */
final class Publisher implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  /** How long a start is busy with its first visitors; each key takes a tenth of its time. */
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final Supplier<Optional<Collection<NameKeeper>>> keepers;
  private final Supplier<Optional<ServedCertificate>> fallback;
  private final CertificateListener listener;
  private final Duration again;
  private final Semaphore changes = new Semaphore(0);
  private final CompletableFuture<Void> initialLoad = new CompletableFuture<>();
  private final CompletableFuture<Void> fallbackIsDue = new CompletableFuture<>();
  private @Nullable ServedCertificates last;
  private boolean refused;

  /** Has not looked yet: until it has, the first set is not complete, whatever else changes. */
  private @Nullable NameKeeper awaited;

  /**
   * Makes a publisher that does nothing yet.
   *
   * @param keepers empty until it was said what is wanted
   * @param again after what pause the listener hears again what it did not take
   */
  Publisher(
      Supplier<Optional<Collection<NameKeeper>>> keepers,
      Supplier<Optional<ServedCertificate>> fallback,
      CertificateListener listener,
      Duration again) {
    this.keepers = keepers;
    this.fallback = fallback;
    this.listener = listener;
    this.again = again;
  }

  CompletableFuture<Void> initialLoad() {
    return initialLoad;
  }

  /**
   * Done when there is nothing better to do than to make the fallback: the names that are wanted
   * first have been served for a second, or have to be served by it.
   */
  Future<Void> fallbackIsDue() {
    return fallbackIsDue;
  }

  /** Something may have changed. Any thread. */
  void changed() {
    changes.release();
  }

  @Override
  public void run() {
    try {
      while (true) {
        if (refused) {
          changes.tryAcquire(again.toMillis(), TimeUnit.MILLISECONDS);
        } else {
          changes.acquire();
        }
        changes.drainPermits();
        publish();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the manager was closed
    }
  }

  private void publish() {
    if (awaited != null && !awaited.hasLooked()) {
      return;
    }
    Optional<Collection<NameKeeper>> wanted = keepers.get();
    Optional<ServedCertificate> nobodys = fallback.get();
    if (wanted.isEmpty() || !isReady(wanted.get())) {
      return;
    }
    Map<HostPattern, ServedCertificate> served = served(wanted.get());
    boolean someNeedFallback = served.isEmpty() || served.size() < wanted.get().size();
    if (nobodys.isEmpty() && someNeedFallback) {
      fallbackIsDue.complete(null);
      return;
    }
    publish(new ServedCertificates(served, nobodys));
    fallbackIsDue.completeOnTimeout(null, BUSY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void publish(ServedCertificates next) {
    if (next.equals(last)) {
      refused = false;
      initialLoad.complete(null);
      return;
    }
    try {
      listener.changed(next);
      last = next;
      refused = false;
      initialLoad.complete(null);
    } catch (RuntimeException e) {
      refused = true;
      LOG.error("New certificates were not taken, they are tried again", e);
    }
  }

  private boolean isReady(Collection<NameKeeper> wanted) {
    if (initialLoad.isDone()) {
      return true;
    }
    awaited = wanted.stream().filter(keeper -> !keeper.hasLooked()).findAny().orElse(null);
    return awaited == null;
  }

  private static Map<HostPattern, ServedCertificate> served(Collection<NameKeeper> wanted) {
    Map<HostPattern, ServedCertificate> byHost = new HashMap<>();
    for (NameKeeper keeper : wanted) {
      keeper.served().ifPresent(certificate -> byHost.put(keeper.host(), certificate));
    }
    return byHost;
  }
}
