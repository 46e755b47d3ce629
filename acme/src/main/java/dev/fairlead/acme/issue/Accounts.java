package dev.fairlead.acme.issue;

import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.LockName;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.PatientLock;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.acme.store.StorageLock;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one account of all instances on a share at a CA (RFC 8555 §7.3), made when it is missing. */
final class Accounts {

  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
  private static final Duration LOCK_POLL = Duration.ofMillis(500);
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

  private final AcmeSettings settings;
  private final AccountStorage storage;
  private final Locks locks;
  private final ReentrantLock onlyOne = new ReentrantLock();

  Accounts(AcmeSettings settings, AccountStorage storage, Locks locks) {
    this.settings = settings;
    this.storage = storage;
    this.locks = locks;
  }

  /** Logs in with the stored account; agrees to the CA's terms when it makes one. */
  Login login(Session session)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    onlyOne.lockInterruptibly();
    try {
      Optional<KeyPair> key = storage.key();
      Optional<URI> url = storage.url();
      if (key.isPresent() && url.isPresent()) {
        return session.login(url.get().toURL(), key.get());
      }
      return register(session);
    } catch (MalformedURLException e) {
      return register(session);
    } finally {
      onlyOne.unlock();
    }
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
      Login login = builder.createLogin(session);
      storage.saveUrl(login.getAccountLocation().toURI());
      LOG.info("Account {} at the CA {}", login.getAccountLocation(), settings.directory());
      return login;
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
    throw new IssueException("another instance makes the account: " + locks.holder(name));
  }
}
