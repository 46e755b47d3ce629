package dev.fairlead.acme.budget;

import dev.fairlead.acme.store.BudgetStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.bootstrap.AcmeLimits;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.bootstrap.Rate;
import dev.fairlead.config.routing.HostPattern;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all instances together may still ask of one CA. Spent, down to the disk, before the CA is
 * asked: who dies in between has spent it, too. The counts are those of Let's Encrypt: orders of
 * the account when they are made, certificates of a domain and of exact names when they are asked
 * for, validations when they fail. Callers hold the lock of the name that orders, and block; of the
 * other names of its certificate nobody else asks for anything. Thread-safe.
 */
public final class Budget {

  private static final String ORDERS = "orders";
  private static final String VALIDATIONS = "validations";
  private static final String DOMAIN = "domain ";
  private static final String NO_ORDERS = "no orders";
  private static final String SILENCE = "silence";

  private static final Duration LOCK_PAUSE = Duration.ofMillis(20);
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(30);

  /** No CA asks for more: what is longer was written by a clock that was wrong. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(8);

  private final URI directory;
  private final AcmeLimits limits;
  private final BudgetStorage storage;
  private final Locks locks;
  private final InstantSource clock;
  private final RegisteredDomain domains = new RegisteredDomain(PublicSuffixes.ofJdk());
  private final ReentrantLock onlyOne = new ReentrantLock();

  public Budget(AcmeSettings settings, BudgetStorage storage, Locks locks, InstantSource clock) {
    this.directory = settings.directory();
    this.limits = settings.limits().orElseGet(() -> KnownLimits.of(settings.directory()));
    this.storage = storage;
    this.locks = locks;
    this.clock = clock;
  }

  /**
   * Called before anything is asked of the CA.
   *
   * @throws BudgetException as long as it asked to be left alone
   */
  public void beforeContact() throws BudgetException, StorageException, InterruptedException {
    checkPause(storage.account(), SILENCE, "asked to be left alone");
  }

  /**
   * Spends an order; called right before it is made.
   *
   * @param host the name that orders
   * @param names what the certificate is to name
   * @throws BudgetException when there is none left, or what it leads to would be refused
   */
  public void beforeOrder(HostPattern host, List<HostPattern> names, Occasion occasion)
      throws BudgetException, StorageException, InterruptedException {
    ExactNames exact = new ExactNames(host, names);
    if (occasion != Occasion.REPLACEMENT) {
      check(name(host), exact.key(), limits.names(), "certificates", "exactly " + exact);
      for (HostPattern each : names) {
        check(name(each), VALIDATIONS, limits.validations(), "failed validations", each.toString());
      }
    }
    boolean counted = occasion.isFirst();
    List<String> registered = exact.domains(domains);
    account(
        moments -> {
          checkPause(moments, NO_ORDERS, "takes no more orders of this account");
          if (counted) {
            checkDomains(moments, registered, occasion);
            check(moments, ORDERS, limits.orders(), "orders", "the account");
            if (occasion == Occasion.ON_DEMAND) {
              checkKept(moments, ORDERS, limits.orders(), "orders", "the account");
            }
          }
          return counted && spend(moments, ORDERS, limits.orders());
        });
  }

  /** The same of a name alone. */
  public void beforeOrder(HostPattern host, Occasion occasion)
      throws BudgetException, StorageException, InterruptedException {
    beforeOrder(host, List.of(host), occasion);
  }

  /**
   * Spends a certificate; called right before the CA is asked to make it.
   *
   * @param host the name that orders
   * @param names what it is to name
   * @throws BudgetException when there is none left
   */
  public void beforeCertificate(HostPattern host, List<HostPattern> names, Occasion occasion)
      throws BudgetException, StorageException, InterruptedException {
    if (occasion == Occasion.REPLACEMENT) {
      return;
    }
    ExactNames exact = new ExactNames(host, names);
    Map<String, Instant> name = name(host);
    check(name, exact.key(), limits.names(), "certificates", "exactly " + exact);
    if (occasion.isFirst() && limits.domain().isPresent()) {
      List<String> registered = exact.domains(domains);
      account(
          moments -> {
            checkDomains(moments, registered, occasion);
            registered.forEach(domain -> spend(moments, DOMAIN + domain, limits.domain()));
            return true;
          });
    }
    if (spend(name, exact.key(), limits.names())) {
      saveName(host, name);
    }
  }

  /** The same of a name alone. */
  public void beforeCertificate(HostPattern host, Occasion occasion)
      throws BudgetException, StorageException, InterruptedException {
    beforeCertificate(host, List.of(host), occasion);
  }

  /** The order that it was spent for is over, and there is none. */
  public void noCertificate(HostPattern host, List<HostPattern> names, Occasion occasion)
      throws StorageException, InterruptedException {
    if (occasion == Occasion.REPLACEMENT) {
      return;
    }
    ExactNames exact = new ExactNames(host, names);
    giveBack(host, exact.key(), limits.names());
    if (occasion.isFirst() && limits.domain().isPresent()) {
      Rate rate = limits.domain().get();
      try {
        account(
            moments -> {
              for (String domain : exact.domains(domains)) {
                String key = DOMAIN + domain;
                moments.put(key, bucket(moments, key, rate).giveBack().fullAt());
              }
              return true;
            });
      } catch (BudgetException e) {
        // Others count just now; it comes back by itself.
      }
    }
  }

  /** The same of a name alone. */
  public void noCertificate(HostPattern host, Occasion occasion)
      throws StorageException, InterruptedException {
    noCertificate(host, List.of(host), occasion);
  }

  /**
   * Spends a validation as if it had failed; called right before the CA is asked to look.
   *
   * @throws BudgetException when there is none left
   */
  public void beforeValidation(HostPattern host)
      throws BudgetException, StorageException, InterruptedException {
    Map<String, Instant> name = name(host);
    check(name, VALIDATIONS, limits.validations(), "failed validations", host.toString());
    if (spend(name, VALIDATIONS, limits.validations())) {
      saveName(host, name);
    }
  }

  /** The validation did not fail: it does not count. */
  public void validated(HostPattern host) throws StorageException, InterruptedException {
    giveBack(host, VALIDATIONS, limits.validations());
  }

  private void giveBack(HostPattern host, String key, Optional<Rate> rate)
      throws StorageException, InterruptedException {
    if (rate.isPresent()) {
      Map<String, Instant> name = name(host);
      name.put(key, bucket(name, key, rate.get()).giveBack().fullAt());
      saveName(host, name);
    }
  }

  /** The CA takes no orders of the account until then: all instances keep to it. */
  public void noOrdersBefore(Instant until) throws StorageException, InterruptedException {
    pause(NO_ORDERS, until);
  }

  /** The CA wants to be asked nothing until then: all instances keep to it. */
  public void silentBefore(Instant until) throws StorageException, InterruptedException {
    pause(SILENCE, until);
  }

  private void pause(String what, Instant until) throws StorageException, InterruptedException {
    Instant longest = clock.instant().plus(LONGEST_PAUSE);
    Instant kept = until.isAfter(longest) ? longest : until;
    try {
      account(moments -> !kept.equals(moments.put(what, kept)));
    } catch (BudgetException e) {
      // Others count just now; the name that was refused keeps its own time.
    }
  }

  private void checkPause(Map<String, Instant> moments, String what, String said)
      throws BudgetException {
    Instant until = moments.getOrDefault(what, Instant.EPOCH);
    Instant now = clock.instant();
    if (until.isAfter(now) && !until.isAfter(now.plus(LONGEST_PAUSE))) {
      throw new BudgetException(
          "the CA %s until %s".formatted(said, Limit.time(until)), until, false);
    }
  }

  private void check(
      Map<String, Instant> moments, String key, Optional<Rate> rate, String what, String whose)
      throws BudgetException {
    if (rate.isPresent()) {
      Optional<Instant> until = bucket(moments, key, rate.get()).emptyUntil(clock.instant());
      if (until.isPresent()) {
        throw new BudgetException(
            Limit.sentence(rate.get(), what, whose, until.get()), until.get(), true);
      }
    }
  }

  private void checkDomains(Map<String, Instant> moments, List<String> all, Occasion occasion)
      throws BudgetException {
    for (String domain : all) {
      checkDomain(moments, domain, occasion);
    }
  }

  private void checkDomain(Map<String, Instant> moments, String domain, Occasion occasion)
      throws BudgetException {
    check(moments, DOMAIN + domain, limits.domain(), "certificates", domain);
    if (occasion == Occasion.ON_DEMAND) {
      checkKept(moments, DOMAIN + domain, limits.domain(), "certificates", domain);
    }
  }

  /** What visitors come for takes half of a limit at most. */
  private void checkKept(
      Map<String, Instant> moments, String key, Optional<Rate> rate, String what, String whose)
      throws BudgetException {
    if (rate.isPresent()) {
      Optional<Instant> until =
          bucket(moments, key, rate.get()).emptyUntil(clock.instant(), rate.get().count() / 2);
      if (until.isPresent()) {
        throw new BudgetException(
            Limit.keptSentence(rate.get(), what, whose, until.get()), until.get(), true);
      }
    }
  }

  private boolean spend(Map<String, Instant> moments, String key, Optional<Rate> rate) {
    rate.ifPresent(
        known -> moments.put(key, bucket(moments, key, known).spend(clock.instant()).fullAt()));
    return rate.isPresent();
  }

  private static TokenBucket bucket(Map<String, Instant> moments, String key, Rate rate) {
    return new TokenBucket(rate, moments.getOrDefault(key, Instant.EPOCH));
  }

  private Map<String, Instant> name(HostPattern host)
      throws StorageException, InterruptedException {
    return limits.names().isPresent() || limits.validations().isPresent()
        ? new TreeMap<>(storage.name(host))
        : new TreeMap<>();
  }

  private void saveName(HostPattern host, Map<String, Instant> moments)
      throws StorageException, InterruptedException {
    storage.saveName(host, withoutPast(moments));
  }

  private void account(Change change)
      throws BudgetException, StorageException, InterruptedException {
    onlyOne.lockInterruptibly();
    try (StorageLock _ = lock()) {
      Map<String, Instant> moments = new TreeMap<>(storage.account());
      if (change.apply(moments)) {
        storage.saveAccount(withoutPast(moments));
      }
    } finally {
      onlyOne.unlock();
    }
  }

  private StorageLock lock() throws BudgetException, StorageException, InterruptedException {
    LockName name = LockName.budget(directory);
    Optional<StorageLock> lock = PatientLock.take(locks, name, LOCK_PAUSE, LOCK_LIMIT);
    if (lock.isEmpty()) {
      throw new BudgetException(
          "another instance counts its orders: " + locks.holder(name),
          clock.instant().plus(LOCK_LIMIT),
          true);
    }
    return lock.get();
  }

  /** A bucket that is full again, and a pause that is over, need not be kept. */
  private Map<String, Instant> withoutPast(Map<String, Instant> moments) {
    Instant past = clock.instant().minus(TokenBucket.MARGIN);
    Map<String, Instant> kept = new TreeMap<>(moments);
    kept.values().removeIf(moment -> moment.isBefore(past));
    return kept;
  }

  /** Changes what is kept about the account. */
  @FunctionalInterface
  private interface Change {
    /**
     * @return whether anything has changed
     */
    boolean apply(Map<String, Instant> moments) throws BudgetException;
  }
}
