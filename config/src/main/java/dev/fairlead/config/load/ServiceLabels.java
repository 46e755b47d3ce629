package dev.fairlead.config.load;

import dev.fairlead.config.schema.ServiceOptions;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the labels of a Swarm service. Total: no labels make it throw. */
public final class ServiceLabels {

  private static final ServiceEntries.Place PLACE =
      new ServiceEntries.Place(
          ServiceOptions.LABEL_PREFIX, ServiceOptions.SERVICE, ServiceOptions.ROUTE);

  private ServiceLabels() {}

  /**
   * Reads what a service asks for.
   *
   * @param service its name, without that of its stack
   * @param domain of services without a host
   * @param labels all labels of the service; those that do not begin with {@code fairlead.} are not
   *     looked at
   * @return empty for a service that did not opt in: it has no such label, or {@code
   *     fairlead.enable=false}; what else is wrong then does not count
   */
  public static Parsed<Optional<ServiceDefinition>> parse(
      String service, Optional<String> domain, Map<String, String> labels) {
    SortedMap<String, Entry> entries = entries(labels);
    if (!ServiceReader.isOptedIn(entries)) {
      return new Parsed.Valid<>(Optional.empty());
    }
    Problems problems = new Problems();
    ServiceDefinition definition =
        new ServiceReader(service, domain, PLACE, entries, problems).definition();
    return problems.orElse(() -> Optional.of(definition));
  }

  private static SortedMap<String, Entry> entries(Map<String, String> labels) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    labels.forEach(
        (label, value) -> {
          if (label.startsWith(ServiceOptions.LABEL_PREFIX)) {
            entries.put(
                label.substring(ServiceOptions.LABEL_PREFIX.length()), Entry.of(label, value));
          }
        });
    return entries;
  }
}
