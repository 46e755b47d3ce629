package dev.fairlead.acme;

import dev.fairlead.acme.store.NameState;
import dev.fairlead.acme.store.NameStateStorage;
import dev.fairlead.acme.store.RenewalRequest;
import dev.fairlead.acme.store.RenewalStorage;
import dev.fairlead.acme.store.Step;
import dev.fairlead.acme.store.StorageException;
import dev.fairlead.config.routing.HostPattern;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes down that people want another certificate of a name, for whichever instance gets the
 * name's lock. The caller has it.
 *
 * @param states at the first CA
 * @param atSecond those at the second CA
 * @param renewals at the first CA
 */
record RequestWriter(
    NameStateStorage states, Optional<NameStateStorage> atSecond, RenewalStorage renewals) {

  /**
   * Writes it.
   *
   * @param certificate what is to be replaced; empty when there is nothing
   */
  void write(HostPattern host, String certificate, boolean newKey, Instant now)
      throws StorageException, InterruptedException {
    NameState state = states.loadFresh(host);
    Step step = newKey ? new Step.Renewing() : state.step(); // an order has its key already
    states.save(host, state.anew(step));
    if (newKey && atSecond.isPresent()) {
      endOrder(host, atSecond.get());
    }
    renewals.saveRequest(host, new RenewalRequest(certificate, newKey, now));
  }

  private static void endOrder(HostPattern host, NameStateStorage states)
      throws StorageException, InterruptedException {
    NameState state = states.load(host);
    if (state.step().isUnderWay()) {
      states.save(host, state.at(new Step.Renewing()));
    }
  }
}
