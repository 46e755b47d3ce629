package dev.fairlead.acme.issue;

import dev.fairlead.acme.budget.Occasion;
import dev.fairlead.acme.store.Step;
import dev.fairlead.config.routing.HostPattern;

/**
 * What is to be ordered.
 *
 * @param occasion what for
 */
public record OrderRequest(HostPattern host, Occasion occasion) {

  /** Where the name stands as long as nothing is under way. */
  public Step start() {
    return occasion == Occasion.FIRST ? new Step.Wanted() : new Step.Renewing();
  }
}
