package dev.fairlead.acme.ondemand;

import dev.fairlead.acme.ondemand.Questioner.Answer;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.OnDemand;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about names that clients come for and that are not wanted yet: one decision for a name at
 * a time, a few in all, each on a virtual thread of its own. What can be refused at once is. {@link
 * #decide} is for event loops. Thread-safe.
 */
final class Decisions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  /** As many as apps are asked at once. */
  private static final int MOST = 8;

  private final Register register;
  private final Questioner questioner;
  private final Complaints complaints;
  private final InstantSource clock;
  private final Supplier<AllowRules> rules;

  private final Refusals refusals = new Refusals();
  private final DecisionPace pace = new DecisionPace();
  private final Semaphore turns = new Semaphore(MOST);
  private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private final LongAdder allowed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder limited = new LongAdder();

  Decisions(
      Register register,
      Questioner questioner,
      Complaints complaints,
      InstantSource clock,
      Supplier<AllowRules> rules) {
    this.register = register;
    this.questioner = questioner;
    this.complaints = complaints;
    this.clock = clock;
    this.rules = rules;
  }

  /**
   * A client came for a name that is covered by the rules and not wanted yet.
   *
   * @return what to wait for, with an end soon
   */
  CompletionStage<Void> decide(String name, Instant now) {
    List<OnDemand> listing = rules.get().listing(name);
    if (listing.isEmpty() || refusals.has(name, now)) {
      refused.increment();
      return KnownName.NOW;
    }
    CompletableFuture<Void> other = underWay.get(name);
    if (other != null) {
      return other;
    }
    if (!register.hasRoom(now)) {
      complaints.add(register.fullSentence());
      limited.increment();
      return KnownName.NOW;
    }
    if (closed || !turns.tryAcquire()) {
      limited.increment();
      return KnownName.NOW;
    }
    if (!pace.take(now)) {
      turns.release();
      limited.increment();
      return KnownName.NOW;
    }
    CompletableFuture<Void> waiting = KnownName.window(KnownName.LONGEST_WAIT);
    other = underWay.putIfAbsent(name, waiting);
    if (other != null) {
      turns.release();
      return other;
    }
    Thread.ofVirtual().name("on-demand-" + name).start(() -> decide(name, listing, waiting));
    return waiting;
  }

  private void decide(String name, List<OnDemand> listing, CompletableFuture<Void> waiting) {
    boolean wanted = false;
    try {
      wanted = judge(name, listing, waiting);
    } catch (StorageException e) {
      failed.increment();
      LOG.debug("names on demand: the storage says itself what is wrong with it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failed.increment();
      LOG.error("certificate of {}: whether it is wanted was not decided", name, e);
    } finally {
      if (!wanted) {
        refusals.add(name, clock.instant());
      }
      underWay.remove(name);
      turns.release();
      if (!wanted) {
        waiting.complete(null);
      }
    }
  }

  private boolean judge(String name, List<OnDemand> listing, CompletableFuture<Void> waiting)
      throws StorageException, InterruptedException {
    Answer answer = ask(name, listing);
    if (answer != Answer.YES) {
      (answer == Answer.NO ? refused : failed).increment();
      return false;
    }
    if (closed || !register.add(name, waiting, clock.instant())) {
      if (!register.hasRoom(clock.instant())) {
        complaints.add(register.fullSentence());
      }
      limited.increment();
      return false;
    }
    allowed.increment();
    LOG.info("certificate of {}: wanted, as a client came for it", name);
    KnownName known = register.find(name);
    if (known != null) { // which another instance may have wanted in between
      known.arrival(clock.instant()).thenRun(() -> waiting.complete(null));
    }
    return true;
  }

  /** What the first rule says that has no doubt; else whether there was one. */
  private Answer ask(String name, List<OnDemand> listing) throws InterruptedException {
    Answer all = Answer.NO;
    for (OnDemand rule : listing) {
      Answer one = rule.ask().isEmpty() ? Answer.YES : questioner.ask(rule.ask().get(), name);
      if (one == Answer.YES) {
        return one;
      }
      all = one == Answer.NONE ? one : all;
    }
    return all;
  }

  /**
   * Asks once more about one of the names that are wanted, each within a day: an app may have lost
   * a customer. One that gives no answer takes nothing away.
   */
  void askAgain(Instant now) throws StorageException, InterruptedException {
    for (KnownName known : register.all()) {
      String name = known.host().toString();
      List<OnDemand> listing = rules.get().cover(name) ? rules.get().listing(name) : List.of();
      boolean asks =
          !listing.isEmpty() && listing.stream().allMatch(rule -> rule.ask().isPresent());
      if (asks && known.isQuestionable(now)) {
        if (ask(name, listing) == Answer.NO) {
          register.remove(name, now);
          refusals.add(name, now);
          LOG.info("certificate of {}: not wanted any more, as tls.on-demand.ask says no", name);
        }
        return;
      }
    }
  }

  OnDemandCounts counts(long names) {
    return new OnDemandCounts(names, allowed.sum(), refused.sum(), failed.sum(), limited.sum());
  }

  /** Decides nothing more. */
  @Override
  public void close() {
    closed = true;
  }
}
