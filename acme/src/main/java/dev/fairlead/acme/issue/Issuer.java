package dev.fairlead.acme.issue;

import dev.fairlead.acme.challenge.ChallengeBoard;
import dev.fairlead.acme.dns.DnsChallenges;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import dev.fairlead.config.routing.HostPattern;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * Orders certificates from one CA, one name each. Blocks its caller, a virtual thread, for a
 * limited time. Thread-safe.
 */
public final class Issuer implements AutoCloseable {

  private final AcmeSettings settings;
  private final AcmeClient client;
  private final Accounts accounts;
  private final ChallengeBoard board;
  private final Optional<DnsChallenges> dns;
  private final Clock clock;
  private final Duration limit;

  /**
   * Makes an issuer; nothing is sent before the first order.
   *
   * @param dns answers dns-01; empty where it cannot be
   * @param limit of one order in all
   */
  public Issuer(
      AcmeSettings settings,
      AccountStorage accounts,
      Locks locks,
      ChallengeBoard board,
      Optional<DnsChallenges> dns,
      Clock clock,
      Duration limit) {
    this.settings = settings;
    this.client = new AcmeClient(settings);
    this.accounts = new Accounts(settings, accounts, locks);
    this.board = board;
    this.dns = dns;
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Gets a certificate with a new P-256 key. The caller holds the name's lock.
   *
   * @throws IssueException when the CA gave none, in plain words
   * @throws StorageException when the storage failed before the CA was asked to look
   */
  public KeyAndChain order(HostPattern host)
      throws IssueException, StorageException, InterruptedException {
    // acme4j's time limit ends with the head of an answer; a body that never ends needs this one.
    FutureTask<KeyAndChain> order = new FutureTask<>(() -> attempt(host));
    Thread worker = Thread.ofVirtual().name("order-" + host).start(order);
    try {
      return order.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IssueException("the CA did not finish within %d s".formatted(limit.toSeconds()));
    } catch (ExecutionException e) {
      throw failure(host, Optional.ofNullable(e.getCause()).orElse(e));
    } finally {
      worker.interrupt();
    }
  }

  private KeyAndChain attempt(HostPattern host)
      throws IssueException, StorageException, AcmeException, InterruptedException {
    Session session = client.open();
    Login login = accounts.login(session);
    try {
      return dance(login, host).run(host);
    } catch (AcmeException e) {
      if (!Plain.isAccountUnknown(e)) {
        throw e;
      }
      return dance(accounts.register(session), host).run(host);
    }
  }

  private OrderDance dance(Login login, HostPattern host) {
    return new OrderDance(login, challenge(host), board, dns, clock);
  }

  /** A wildcard can be shown to be ours by DNS alone. */
  private AcmeSettings.Challenge challenge(HostPattern host) {
    return host.wildcard() ? AcmeSettings.Challenge.DNS_01 : settings.challenge();
  }

  private IssueException failure(HostPattern host, Throwable cause)
      throws IssueException, StorageException, InterruptedException {
    return switch (cause) {
      case IssueException known -> known;
      case StorageException storage -> throw storage;
      case InterruptedException interrupted -> throw interrupted;
      case Error error -> throw error;
      case Exception other -> Plain.failure(settings.directory(), challenge(host), other);
      default -> throw new IllegalStateException(cause);
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
