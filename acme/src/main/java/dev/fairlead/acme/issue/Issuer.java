package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.budget.BudgetException;
import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.preflight.Preflight;
import dev.fairlead.acme.preflight.Question;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;

/**
 * Gets certificates from one CA, for one name or several each: goes on with the order that is under
 * way, or makes one. Blocks its caller, a virtual thread, for a limited time. Thread-safe.
 */
public final class Issuer implements AutoCloseable {

  /** So much longer an order of several names may take at most. */
  private static final int MOST_PATIENCE = 4;

  private static final Duration LONGEST_SPREAD = Duration.ofMinutes(5);

  private final AcmeSettings settings;
  private final AcmeClient client;
  private final Accounts accounts;
  private final Budget budget;
  private final ChallengeBoard board;
  private final Optional<DnsChallenges> dns;
  private final Optional<Preflight> preflight;
  private final Optional<PersistGate> persist;
  private final Clock clock;
  private final Duration limit;

  /**
   * Makes an issuer; nothing is sent before the first order.
   *
   * @param dns answers dns-01; empty where it cannot be
   * @param preflight looks whether an order can succeed; empty to order without a look
   * @param persist looks after dns-persist-01; empty where it cannot be
   * @param limit of one order of one name in all
   */
  public Issuer(
      AcmeSettings settings,
      AccountStorage accounts,
      Budget budget,
      Locks locks,
      ChallengeBoard board,
      Optional<DnsChallenges> dns,
      Optional<Preflight> preflight,
      Optional<PersistGate> persist,
      Clock clock,
      Duration limit) {
    this.settings = settings;
    this.client = new AcmeClient(settings.authority(), clock);
    this.accounts = new Accounts(settings.authority(), accounts, locks);
    this.budget = budget;
    this.board = board;
    this.dns = dns;
    this.preflight = preflight;
    this.persist = persist;
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Gets a certificate with the key that is in the journal, that of the request, or a new one. The
   * caller holds the lock of the name that orders, and ends the journal afterwards.
   *
   * @throws IssueException when there is none yet, in plain words
   * @throws StorageException when the storage failed; the order goes on at the next try
   */
  public KeyAndChain issue(OrderRequest request, Journal journal)
      throws IssueException, StorageException, InterruptedException {
    // acme4j's time limit ends with the head of an answer; a body that never ends needs this one.
    Duration limit = this.limit.multipliedBy(Math.min(request.names().size(), MOST_PATIENCE));
    FutureTask<KeyAndChain> order = new FutureTask<>(() -> attempt(request, journal));
    Thread worker = Thread.ofVirtual().name("order-" + request.host()).start(order);
    try {
      return order.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IssueException("the CA did not finish within %d s".formatted(limit.toSeconds()));
    } catch (ExecutionException e) {
      throw failure(request, Optional.ofNullable(e.getCause()).orElse(e));
    } finally {
      worker.interrupt();
    }
  }

  private KeyAndChain attempt(OrderRequest request, Journal journal)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    if (persist.isPresent() && !(journal.step() instanceof Step.Validating)) {
      look(request, persist.get()::beforeContact);
    }
    budget.beforeContact();
    Session session = client.open();
    Login login = accounts.login(session);
    try {
      return run(login, request, journal);
    } catch (AcmeException e) {
      if (accounts.hasAnotherKey(login)) {
        return run(accounts.login(session), request, journal);
      }
      if (!Plain.isAccountUnknown(e)) {
        throw e;
      }
      return run(accounts.register(session), request, journal);
    }
  }

  private KeyAndChain run(Login login, OrderRequest request, Journal journal)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    if (persist.isPresent() && request.names().stream().anyMatch(this::isByPersistentRecord)) {
      persist.get().learn(login);
      if (journal.step().order().isEmpty()) {
        look(request, persist.get()::beforeOrder);
      }
    }
    AcmeSettings.Challenge type = challenge(request.host());
    Forecast forecast = new Forecast(preflight, request, this::challenge);
    Orders orders = new Orders(login, request, settings.authority(), journal, budget, forecast);
    Order order = orders.begin();
    Validations validations =
        new Validations(
            request,
            name -> new Validation(name, challenge(name), board, dns, persist, budget, clock));
    try {
      return current(
          new OrderDance(orders.request(), journal, budget, validations, type, settings, clock)
              .run(order));
    } catch (IssueException e) {
      throw forecast.explain(e);
    }
  }

  /**
   * What DNS says now of the names of a certificate, as a fingerprint to compare with what it said
   * before; empty when no server tells, or nobody wants to know.
   */
  public Optional<String> seenInDns(List<HostPattern> names) throws InterruptedException {
    if (preflight.isEmpty()) {
      return Optional.empty();
    }
    List<String> seen = new ArrayList<>();
    for (HostPattern name : names) {
      Optional<String> one = preflight.get().seen(new Question(name, challenge(name)));
      if (one.isEmpty()) {
        return Optional.empty();
      }
      seen.add(one.get());
    }
    return Optional.of(Forecast.seen(seen));
  }

  /** What has ended takes the place of nothing: the one that is served may be good for weeks. */
  private KeyAndChain current(KeyAndChain issued) throws IssueException {
    if (clock.instant().isBefore(issued.notAfter())) {
      return issued;
    }
    throw IssueException.orderIsOver(
        "the CA gave a certificate that ended at %s (expected: a new one; fix: the clock of this machine, or the CA's)"
            .formatted(issued.notAfter()));
  }

  private AcmeSettings.Challenge challenge(HostPattern host) {
    return settings.challenge(host);
  }

  private boolean isByPersistentRecord(HostPattern host) {
    return challenge(host) == AcmeSettings.Challenge.DNS_PERSIST_01;
  }

  /** What each name that needs a persistent record has to pass before. */
  private void look(OrderRequest request, Gate gate)
      throws IssueException, StorageException, InterruptedException {
    for (HostPattern name : request.names()) {
      if (isByPersistentRecord(name)) {
        try {
          gate.pass(name);
        } catch (IssueException e) {
          throw request.about(name, e);
        }
      }
    }
  }

  private IssueException failure(OrderRequest request, Throwable cause)
      throws IssueException, StorageException, InterruptedException {
    Throwable actual =
        cause instanceof AcmeLazyLoadingException && cause.getCause() instanceof AcmeException lazy
            ? lazy
            : cause;
    return switch (actual) {
      case IssueException known -> known;
      case StorageException storage -> throw storage;
      case InterruptedException interrupted -> throw interrupted;
      case BudgetException used ->
          IssueException.postponed(String.valueOf(used.getMessage()), turn(used), used);
      case Error error -> // what an answer can do to who reads it; the next try follows later
          new IssueException(
              "an order ended with an error of this process, %s"
                  .formatted(error.getClass().getSimpleName()),
              error);
      case Exception other -> {
        RateLimits.remember(other, request.names(), budget);
        yield Plain.failure(settings.directory(), challenge(request.host()), other);
      }
      default -> throw new IllegalStateException(actual);
    };
  }

  /** Hundreds of names that wait for one place do not all come at the same moment. */
  private Instant turn(BudgetException used) {
    if (!used.isShared()) {
      return used.until();
    }
    long wait = Duration.between(clock.instant(), used.until()).toMillis();
    long spread = Math.clamp(9 * wait, 0, LONGEST_SPREAD.toMillis());
    return used.until().plusMillis(ThreadLocalRandom.current().nextLong(spread + 1));
  }

  @Override
  public void close() {
    client.close();
  }

  /** A look at a name before anything is spent on it. */
  @FunctionalInterface
  private interface Gate {
    void pass(HostPattern name) throws IssueException, StorageException, InterruptedException;
  }
}
