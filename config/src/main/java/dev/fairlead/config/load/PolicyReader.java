package dev.fairlead.config.load;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HashKey;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.Spelling;

/** Reads how the tasks of a route share its requests, and what of that contradicts itself. */
final class PolicyReader {

  private PolicyReader() {}

  /**
   * Reads it.
   *
   * @param values all of which could be read
   */
  static ClusterPolicy read(RouteValues values, Problems problems) {
    Balance balance = values.find(ServiceOptions.BALANCE).orElseThrow();
    // What a named route only inherits is for its service's other routes.
    if (balance != Balance.HASH && values.route().isGiven(ServiceOptions.BALANCE_KEY)) {
      problems.add(
          values.pathOf(ServiceOptions.BALANCE_KEY),
          values.find(ServiceOptions.BALANCE_KEY).orElseThrow().toString(),
          "nothing, as balance is " + Spelling.word(balance));
    }
    HashKey key =
        balance == Balance.HASH
            ? values.find(ServiceOptions.BALANCE_KEY).orElse(HashKey.CLIENT)
            : HashKey.CLIENT;
    return new ClusterPolicy(
        balance,
        key,
        values.find(ServiceOptions.SLOW_START).orElseThrow(),
        values.find(ServiceOptions.EJECT).orElseThrow());
  }
}
