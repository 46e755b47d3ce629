package dev.fairlead.acme.ondemand;

import dev.fairlead.acme.ServedCertificate;
import dev.fairlead.acme.ServedCertificate.Origin;
import dev.fairlead.acme.ServedCertificates;
import dev.fairlead.acme.WantedName;
import dev.fairlead.acme.store.SharedNote;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.OnDemandSettings;
import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.config.routing.OnDemand;
import dev.fairlead.config.routing.TlsMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to the names that are routed those below wildcards that clients came for, where a rule
 * allows it. Looks at the storage on a virtual thread of its own, only while there are such rules.
 * {@link #arrival} is for event loops; nothing here blocks its callers but {@link #close}, for a
 * second at most. Thread-safe.
 */
public final class OnDemandNames implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OnDemandNames.class);

  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  /** What there are copies of waits no longer at a start: clients wait meanwhile. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private final OnDemandSettings limits;
  private final InstantSource clock;
  private final Duration pause;
  private final Complaints complaints = new Complaints();
  private final Questioner questioner = new Questioner(complaints::add);
  private final Semaphore wakeUp = new Semaphore(0);

  private volatile AllowRules rules = AllowRules.NONE;

  /** Both null before the start. */
  private volatile @Nullable Register register;

  private volatile @Nullable Decisions decisions;

  /** Whether the storage was asked which names there are, or takes too long to say it. */
  private volatile boolean looked;

  /** As it was heard last. */
  private volatile ServedCertificates served = new ServedCertificates(Map.of(), Optional.empty());

  /** What is wanted while the storage has said nothing yet: what there are copies of. */
  private volatile Set<String> known = Set.of();

  /** Guarded by this, as is what follows. */
  private CopiedHosts copied = Set::of;

  private Consumer<Set<WantedName>> sink = _ -> {};
  private @Nullable Set<WantedName> routed;
  private @Nullable Thread thread;

  /** The hosts that there are copies of certificates of. */
  @FunctionalInterface
  public interface CopiedHosts {

    /** Looks; may block. */
    Set<HostPattern> get() throws InterruptedException;
  }

  /** Makes what does nothing yet. */
  public OnDemandNames(OnDemandSettings limits, InstantSource clock) {
    this(limits, clock, PAUSE);
  }

  /**
   * @param pause between two looks at the storage
   */
  OnDemandNames(OnDemandSettings limits, InstantSource clock, Duration pause) {
    this.limits = limits;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Begins; returns at once.
   *
   * @param note where the names are kept
   * @param copied which hosts there are certificates of when the storage cannot be used at a start
   * @param sink told all names that are wanted, those that are routed among them; one call at a
   *     time, which returns soon
   */
  public synchronized void start(
      SharedNote note, CopiedHosts copied, Consumer<Set<WantedName>> sink) {
    this.copied = copied;
    this.sink = sink;
    Register names = new Register(note, limits, this::tellWanted);
    register = names;
    decisions = new Decisions(names, questioner, complaints, clock, () -> rules);
    thread = Thread.ofVirtual().name("on-demand-names").start(this::run);
  }

  /**
   * Says what is routed, all of it. Returns at once. The first names with rules are handed on when
   * the storage was asked once.
   *
   * @param names that are wanted in any case
   * @param wildcards whose names may be wanted on demand, each with the rules of its routes
   * @param hosts all of them; one that is routed by its own name is not wanted on demand
   */
  public void routed(
      Set<WantedName> names, Map<HostPattern, List<OnDemand>> wildcards, Set<HostPattern> hosts) {
    synchronized (this) {
      routed = Set.copyOf(names);
      rules = wildcards.isEmpty() ? AllowRules.NONE : new AllowRules(wildcards, hosts);
    }
    tellWanted();
    wakeUp.release();
  }

  /**
   * A client came for a host. Neither waits nor locks, and what it keeps is bounded.
   *
   * @param host anything, in lower case
   * @return completes when there may be another certificate for it than before, at most ten seconds
   *     later; completed already for nearly everybody
   */
  public CompletionStage<Void> arrival(String host) {
    Register names = register;
    Decisions open = decisions;
    if (names == null || open == null || !rules.cover(host)) {
      return KnownName.NOW;
    }
    KnownName name = names.find(host);
    if (name != null) {
      return rules.allow(host) ? name.arrival(clock.instant()) : KnownName.NOW;
    }
    return looked && !known.contains(host) ? open.decide(host, clock.instant()) : KnownName.NOW;
  }

  /** Hears what is served from now on, after it is. */
  public void changed(ServedCertificates certificates) {
    served = certificates;
    Register names = register;
    if (names != null) {
      tellWaiting(names, certificates);
    }
  }

  /** Nobody waits for what is there. */
  private static void tellWaiting(Register names, ServedCertificates certificates) {
    for (KnownName name : names.all()) {
      ServedCertificate one = certificates.byHost().get(name.host());
      if (one != null && one.origin() == Origin.ACME) {
        name.issued();
      }
    }
  }

  /** The numbers of now. */
  public OnDemandCounts counts() {
    Register names = register;
    Decisions made = decisions;
    return names == null || made == null
        ? new OnDemandCounts(0, 0, 0, 0, 0)
        : made.counts(names.names().stream().filter(rules::allow).count());
  }

  private void run() {
    try {
      while (true) {
        if (rules.isEmpty()) {
          wakeUp.acquire();
        } else {
          wakeUp.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        wakeUp.drainPermits();
        Register names = register;
        if (names != null && !rules.isEmpty()) {
          if (!looked) {
            Thread.ofVirtual().name("on-demand-start").start(this::waitNoLonger);
          }
          look(names);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void look(Register names) throws InterruptedException {
    Instant now = clock.instant();
    try {
      names.refresh(now);
      tellWaiting(names, served); // names that are new here may have been served before
      if (!known.isEmpty()) {
        known = Set.of();
        tellWanted();
      }
      Set<String> forgotten = names.keep(now);
      forgotten.forEach(
          name ->
              LOG.info(
                  "certificate of {}: not wanted any more, nobody came for it in {} days",
                  name,
                  NameBook.FORGOTTEN_DAYS));
      Decisions open = decisions;
      if (open != null) {
        open.askAgain(now);
      }
    } catch (StorageException e) {
      LOG.debug("names on demand: the storage says itself what is wrong with it", e);
      if (!looked) {
        useCopies(copiedNames());
      }
    } catch (RuntimeException e) {
      LOG.error("names on demand: a look failed, the next follows", e);
    }
    complaints.tell(now);
    if (!looked) {
      looked = true;
      tellWanted();
    }
  }

  /** A storage that hangs takes its whole time limit here, and then again for the certificates. */
  private void waitNoLonger() {
    try {
      Thread.sleep(FIRST_LOOK);
      if (!looked) {
        Set<String> copies = copiedNames();
        if (!copies.isEmpty()) {
          useCopies(copies);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void useCopies(Set<String> copies) {
    if (!looked) {
      known = copies;
      looked = true;
      tellWanted();
    }
  }

  private Set<String> copiedNames() throws InterruptedException {
    CopiedHosts hosts;
    synchronized (this) {
      hosts = copied;
    }
    try {
      return hosts.get().stream()
          .filter(host -> !host.wildcard())
          .map(HostPattern::suffix)
          .collect(Collectors.toUnmodifiableSet());
    } catch (RuntimeException e) {
      LOG.error("names on demand: what there are copies of was not told", e);
      return Set.of();
    }
  }

  private synchronized void tellWanted() {
    Register names = register;
    if (routed == null || names == null || !(looked || rules.isEmpty())) {
      return;
    }
    Set<WantedName> wanted = new HashSet<>(routed);
    AllowRules now = rules;
    Stream.concat(names.names().stream(), known.stream())
        .filter(now::allow)
        .map(name -> new WantedName(new HostPattern(false, name), TlsMode.ACME, true))
        .forEach(wanted::add);
    sink.accept(wanted);
  }

  /** Ends it; what is being decided is given up. */
  @Override
  public void close() {
    questioner.close();
    Thread running;
    synchronized (this) {
      running = thread;
      sink = _ -> {};
    }
    Decisions open = decisions;
    if (open != null) {
      open.close();
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // who closes is in a hurry
    }
  }
}
