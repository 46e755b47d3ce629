package dev.fairlead.acme.issue;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.persist.PersistTerms;
import dev.fairlead.acme.store.AccountStorage;
import dev.fairlead.acme.store.Locks;
import dev.fairlead.acme.store.PersistMemory;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AuthoritySettings;
import dev.fairlead.config.bootstrap.IssuanceSettings;
import dev.fairlead.config.routing.HostPattern;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What a CA does beside orders. Blocks its caller, for a minute at most. Thread-safe. */
public final class CaServices implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** What CAs answer to an account that a certificate is not of. */
  private static final Set<String> NOT_OURS = Set.of("unauthorized", "accountDoesNotExist");

  private final AuthoritySettings settings;
  private final AcmeClient client;
  private final Accounts accounts;
  private final RenewalInfoClient renewals;

  /** Makes what asks one CA; nothing is sent yet. */
  public CaServices(
      AuthoritySettings settings, AccountStorage accounts, Locks locks, InstantSource clock) {
    this.settings = settings;
    this.client = new AcmeClient(settings, clock);
    this.accounts = new Accounts(settings, accounts, locks);
    this.renewals = new RenewalInfoClient(client, clock);
  }

  /**
   * When a certificate shall be replaced, in the CA's opinion (RFC 9773).
   *
   * @return empty when it has none
   * @throws IssueException when it could not be asked, in plain words
   */
  public Optional<RenewalInfo> renewalInfo(X509Certificate certificate)
      throws IssueException, StorageException, InterruptedException {
    return Talk.within(LIMIT, settings.directory(), () -> renewals.ask(certificate));
  }

  /**
   * Revokes a certificate (RFC 8555 §7.6) with the account it is of, else with its own key: CAs
   * take that for the word that the key is known to others, whatever the reason says.
   *
   * @return false when that was done before
   * @throws IssueException when the CA did not, in plain words
   */
  public boolean revoke(KeyAndChain pair, RevocationReason reason)
      throws IssueException, StorageException, InterruptedException {
    return Talk.within(
        LIMIT,
        settings.directory(),
        () -> {
          try {
            revoke(client.open(), pair, reason);
            return true;
          } catch (AcmeServerException e) {
            if (Plain.type(e.getProblem()).equals("alreadyRevoked")) {
              return false;
            }
            throw e;
          }
        });
  }

  /**
   * Gives our account there a new key (RFC 8555 §7.3.5).
   *
   * @return the account's address; empty when there is no account
   * @throws IssueException when the CA did not take it, in plain words
   */
  public Optional<String> rollOver() throws IssueException, StorageException, InterruptedException {
    return Talk.within(
        LIMIT,
        settings.directory(),
        () -> accounts.exists() ? Optional.of(accounts.rollOver(client.open())) : Optional.empty());
  }

  /**
   * What a host's record for dns-persist-01 must say there.
   *
   * @param memory what is known of it
   * @return empty when we have no account there yet
   * @throws IssueException when the CA could not be asked, in plain words
   */
  public Optional<PersistTerms> persistTerms(
      HostPattern host, IssuanceSettings issuance, PersistMemory memory)
      throws IssueException, StorageException, InterruptedException {
    return Talk.within(
        LIMIT,
        settings.directory(),
        () ->
            accounts.exists()
                ? Optional.of(
                    PersistOffer.of(accounts.login(client.open())).terms(host, issuance, memory))
                : Optional.empty());
  }

  private void revoke(Session session, KeyAndChain pair, RevocationReason reason)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    try {
      if (accounts.exists()) {
        Certificate.revoke(accounts.login(session), pair.leaf(), reason.word());
        return;
      }
    } catch (AcmeServerException e) {
      if (!NOT_OURS.contains(Plain.type(e.getProblem()))) {
        throw e;
      }
    }
    KeyPair own = new KeyPair(pair.leaf().getPublicKey(), pair.privateKey());
    Certificate.revoke(session, own, pair.leaf(), reason.word());
  }

  @Override
  public void close() {
    client.close();
  }
}
