package dev.fairlead.acme;

import dev.fairlead.acme.issue.IssueException;
import dev.fairlead.acme.issue.OrderRequest;
import dev.fairlead.acme.store.Journal;
import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first order of a name is tried out at the CA's staging, so that what is wrong with the name
 * costs nothing of the CA's limits. Nobody gets that certificate. That it was issued is kept as the
 * name's state at the staging: whoever comes later does not do it again, and goes on with an order
 * that is under way there. The caller holds the name's lock.
 */
final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private final Workshop staging;

  /**
   * @param staging what there is at the staging
   */
  Rehearsal(Workshop staging) {
    this.staging = staging;
  }

  /**
   * Returns once an order has succeeded there, now or before.
   *
   * @param real the journal of the order that follows: it hears what DNS said, so that the name is
   *     tried again when that changes
   * @throws IssueException when it did not, in plain words; when it is tried again is the caller's
   *     to decide
   */
  void pass(OrderRequest request, Journal real)
      throws IssueException, StorageException, InterruptedException {
    Journal journal = Journal.open(staging.states(), request.host(), real.together());
    try {
      if (!(journal.step() instanceof Step.Issued)) {
        order(request, journal);
      }
    } catch (IssueException e) {
      journal.state().dns().answers().forEach(real::seen);
      throw e;
    } finally {
      journal.end();
    }
  }

  private void order(OrderRequest request, Journal journal)
      throws IssueException, StorageException, InterruptedException {
    URI directory = staging.directory();
    try {
      staging.issuer().issue(request.asNew(), journal);
    } catch (IssueException e) {
      journal.write(
          AfterFailure.of(
              journal.state(),
              e,
              request.start(),
              staging.clock().instant(),
              ThreadLocalRandom.current().nextDouble()));
      throw e.atStaging(directory);
    }
    LOG.info("certificate of {}: the order at the staging {} succeeded", request.host(), directory);
    journal.write(NameState.issued());
    journal.removeKey();
  }
}
