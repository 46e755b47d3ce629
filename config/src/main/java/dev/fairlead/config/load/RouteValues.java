package dev.fairlead.config.load;

import dev.fairlead.config.routing.PathPrefix;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import java.util.Optional;

/**
 * What holds for one route: what was written for it, else what was written for its service, else
 * the default. Only {@code path} is not handed down.
 *
 * @param name empty for the service's own route
 * @param prefix of its keys, as they are written
 * @param route what was written for it; for the service's own route the same as {@code service}
 */
record RouteValues(String name, String prefix, Values route, Values service) {

  /** Whether it was written anywhere, right or wrong. */
  boolean isGiven(Option<?> option) {
    return source(option).isGiven(option);
  }

  <T> Optional<T> find(Option<T> option) {
    return source(option).find(option);
  }

  /** Whether all that counts for it could be read. */
  boolean isReadable() {
    return ServiceOptions.ROUTE.options().stream()
        .noneMatch(option -> source(option).isWrong(option));
  }

  PathPrefix path() {
    return find(ServiceOptions.PATH).orElseThrow();
  }

  /** Where a key of this route stands, or would stand. */
  String pathOf(Option<?> option) {
    return prefix + option.key();
  }

  private Values source(Option<?> option) {
    return route.isGiven(option) || option.equals(ServiceOptions.PATH) ? route : service;
  }
}
