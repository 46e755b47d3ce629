package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Budget;
import dev.fairlead.acme.budget.BudgetException;
import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.acme.pem.Names;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.bootstrap.AcmeSettings;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.CSRBuilder;

/**
 * One order from where it stands to the certificate (RFC 8555 §7.4). What the CA says of it decides
 * what is done, whoever did what came before. Used once, by one thread.
 */
final class OrderDance {

  static final Set<Status> DECIDED =
      Set.copyOf(
          EnumSet.of(
              Status.VALID,
              Status.INVALID,
              Status.EXPIRED,
              Status.REVOKED,
              Status.DEACTIVATED,
              Status.CANCELED));

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final OrderRequest request;
  private final Journal journal;
  private final Budget budget;
  private final Validations validations;
  private final AcmeSettings.Challenge type;
  private final AcmeSettings settings;
  private final InstantSource clock;

  OrderDance(
      OrderRequest request,
      Journal journal,
      Budget budget,
      Validations validations,
      AcmeSettings.Challenge type,
      AcmeSettings settings,
      InstantSource clock) {
    this.request = request;
    this.journal = journal;
    this.budget = budget;
    this.validations = validations;
    this.type = type;
    this.settings = settings;
    this.clock = clock;
  }

  KeyAndChain run(Order order)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    Status status = order.getStatus();
    if (status == Status.PENDING) {
      validations.run(order, journal);
      Set<Status> ready = EnumSet.copyOf(DECIDED);
      ready.addAll(EnumSet.of(Status.READY, Status.PROCESSING));
      status = Patience.await("the order", order, ready, LIMIT, clock);
    } else if (journal.step() instanceof Step.Validating) {
      validations.discard(order); // who answered has ended before the CA had looked
    }
    if (status == Status.READY) {
      finish(order);
      status = Status.PROCESSING;
    }
    if (status == Status.PROCESSING) {
      status = Patience.await("the certificate", order, DECIDED, LIMIT, clock);
    }
    if (status == Status.INVALID) {
      giveBack();
    }
    if (status != Status.VALID) {
      throw failed(order);
    }
    return checked(order.getCertificate());
  }

  /**
   * Nothing came of what was asked for, so it does not count. The key goes first: nobody may find
   * it, and give back once more.
   */
  private void giveBack() throws StorageException, InterruptedException {
    if (journal.key().isPresent()) {
      journal.removeKey();
      budget.noCertificate(request.host(), request.names(), request.occasion());
    }
  }

  private IssueException failed(Order order) {
    Optional<Problem> problem = order.getError();
    if (problem.isPresent()) {
      IssueException said = IssueException.orderIsOver(Plain.sentence(problem.get(), type));
      return Plain.isOfName(problem.get()) ? said.ofName() : said;
    }
    return validations
        .reason(order)
        .orElseGet(() -> IssueException.orderIsOver("the CA gave the order up"));
  }

  /**
   * The key is on the share before the CA is asked to certify it. It says that the certificate is
   * spent, too: an order has one, however often the CA does not take what it is sent.
   */
  private void finish(Order order)
      throws AcmeException,
          BudgetException,
          IssueException,
          StorageException,
          InterruptedException {
    KeyPair key = journal.key().orElse(null);
    if (key == null) {
      key = request.key().orElseGet(() -> Keys.newPair(settings.keys().type()));
      budget.beforeCertificate(request.host(), request.names(), request.occasion());
      journal.saveKey(key);
    }
    try {
      execute(order, key);
    } catch (AcmeException e) {
      if (Plain.isAboutKey(e)) {
        throw IssueException.orderIsOver( // the next has another
            "the CA says: " + Plain.clean(String.valueOf(e.getMessage())));
      }
      throw e;
    }
  }

  /** A request for several names has them in the order in which they were asked for. */
  private void execute(Order order, KeyPair key) throws AcmeException {
    if (request.names().size() == 1) {
      order.execute(key);
      return;
    }
    CSRBuilder certificate = new CSRBuilder();
    certificate.addIdentifiers(Identifiers.of(request.names()));
    try {
      certificate.sign(key);
      order.execute(certificate.getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a key of ours signs", e);
    }
  }

  /** A CA may be wrong too: what does not fit the key or the names is not served. */
  private KeyAndChain checked(Certificate certificate)
      throws AcmeException, IssueException, StorageException, InterruptedException {
    KeyPair key =
        journal
            .key()
            .orElseThrow(() -> IssueException.orderIsOver("the key of the certificate was lost"));
    List<X509Certificate> chain = Chains.choose(certificate, settings.authority().preferredChain());
    X509Certificate leaf = chain.getFirst();
    if (!leaf.getPublicKey().equals(key.getPublic())
        || !request.names().stream().allMatch(name -> Names.covers(leaf, name))) {
      throw IssueException.orderIsOver("the CA gave a certificate of another key or name");
    }
    return new KeyAndChain(key.getPrivate(), chain);
  }
}
