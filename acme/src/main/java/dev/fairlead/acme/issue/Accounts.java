package dev.fairlead.acme.issue;

import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one account of all instances on a share at a CA (RFC 8555 §7.3), made when it is missing.
 *
 * <p>Its key is replaced in steps that can be found again: the next key is stored, then the CA is
 * told, then it takes the place of the old one. Whoever finds a next key asks the CA which of both
 * it knows.
 */
final class Accounts {

  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
  private static final Duration LOCK_POLL = Duration.ofMillis(500);
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

  /** What CAs expect whatever the length of the key, as other clients use nothing else. */
  private static final String MAC_ALGORITHM = "HS256";

  /** What CAs answer to a binding that is not of them. */
  private static final Set<String> NOT_KNOWN = Set.of("unauthorized", "malformed");

  private final AuthoritySettings settings;
  private final AccountStorage storage;
  private final Locks locks;
  private final ReentrantLock onlyOne = new ReentrantLock();

  Accounts(AuthoritySettings settings, AccountStorage storage, Locks locks) {
    this.settings = settings;
    this.storage = storage;
    this.locks = locks;
  }

  /** Logs in with the stored account; agrees to the CA's terms when it makes one. */
  Login login(Session session)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    onlyOne.lockInterruptibly();
    try {
      if (storage.nextKey().isPresent()) {
        endRollOver(session);
      }
      Optional<Login> known = known(session);
      return known.isPresent() ? known.get() : register(session);
    } finally {
      onlyOne.unlock();
    }
  }

  /** Whether there is an account, or may be one. Writes nothing. */
  boolean exists() throws StorageException, InterruptedException {
    return storage.hasKey();
  }

  /** Whether the account has another key by now than a login was made with. */
  boolean hasAnotherKey(Login login) throws StorageException, InterruptedException {
    return !storage
        .key()
        .map(KeyPair::getPublic)
        .equals(Optional.of(login.getKeyPair().getPublic()));
  }

  /** Makes the account, or finds it again by its key. */
  Login register(Session session)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    try (StorageLock _ = lock()) {
      KeyPair key = storage.key().orElse(null);
      if (key == null) {
        key = Keys.newP256();
        storage.saveKey(key);
      }
      AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(key);
      settings.email().ifPresent(builder::addEmail);
      settings
          .externalAccount()
          .ifPresent(
              account ->
                  builder
                      .withKeyIdentifier(account.keyId(), account.hmacKey())
                      .withMacAlgorithm(MAC_ALGORITHM));
      Login login = create(builder, session);
      keepUrl(login);
      LOG.info("Account {} at the CA {}", login.getAccountLocation(), settings.directory());
      return login;
    }
  }

  private Login create(AccountBuilder builder, Session session)
      throws AcmeException, IssueException {
    try {
      return builder.createLogin(session);
    } catch (AcmeServerException e) {
      if (settings.externalAccount().isPresent()
          && NOT_KNOWN.contains(Plain.type(e.getProblem()))) {
        throw new IssueException(
            "the CA does not know the external account %s: %s (expected: acme.eab.key-id and acme.eab.hmac-key, as it gave them)"
                .formatted(
                    settings.externalAccount().get().keyId(),
                    Plain.clean(String.valueOf(e.getMessage()))),
            e);
      }
      throw e;
    }
  }

  /**
   * Gives the account a new key (RFC 8555 §7.3.5). Instances that order meanwhile find it at their
   * next order.
   *
   * @return the account's address
   */
  String rollOver(Session session)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    login(session); // ends what began before, and finds an address that was lost
    try (StorageLock _ = lock()) {
      Login login =
          known(session).orElseThrow(() -> new IssueException("the account was removed meanwhile"));
      KeyPair next = Keys.newP256();
      storage.saveNextKey(next);
      login.getAccount().changeKey(next);
      storage.takeNextKey();
      return login.getAccountLocation().toString();
    }
  }

  /** Somebody began to replace the key, and may have died before or after the CA was told. */
  private void endRollOver(Session session)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    try (StorageLock _ = lock()) {
      Optional<KeyPair> next = storage.nextKey();
      if (next.isEmpty()) {
        return; // the one who had the lock has ended it
      }
      try {
        keepUrl(new AccountBuilder().onlyExisting().useKeyPair(next.get()).createLogin(session));
        storage.takeNextKey();
        LOG.info("Account at the CA {}: its new key is in use", settings.directory());
      } catch (AcmeException e) {
        if (!Plain.isAccountUnknown(e)) {
          throw e;
        }
        storage.dropNextKey();
        LOG.info("Account at the CA {}: the old key stays", settings.directory());
      }
    }
  }

  private Optional<Login> known(Session session) throws StorageException, InterruptedException {
    Optional<KeyPair> key = storage.key();
    Optional<URI> url = storage.url();
    if (key.isEmpty() || url.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(session.login(url.get().toURL(), key.get()));
    } catch (MalformedURLException e) {
      return Optional.empty();
    }
  }

  private void keepUrl(Login login) throws IssueException, StorageException, InterruptedException {
    try {
      storage.saveUrl(login.getAccountLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IssueException("the CA gave an account without a proper URL");
    }
  }

  private StorageLock lock() throws IssueException, StorageException, InterruptedException {
    LockName name = LockName.account(settings.directory());
    Optional<StorageLock> lock = PatientLock.take(locks, name, LOCK_POLL, LOCK_LIMIT);
    if (lock.isPresent()) {
      return lock.get();
    }
    throw new IssueException("another instance is at the account: " + locks.holder(name));
  }
}
