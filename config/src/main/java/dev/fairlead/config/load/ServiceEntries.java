package dev.fairlead.config.load;

import dev.fairlead.config.schema.Catalogue;
import dev.fairlead.config.schema.Option;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What was written for one service, sorted into its own keys and those of its named routes.
 *
 * @param own by key
 * @param routes by name, then by key
 */
record ServiceEntries(Map<String, Entry> own, SortedMap<String, Map<String, Entry>> routes) {

  private static final int MAX_ROUTES = 64;
  private static final Pattern ROUTE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}");

  /**
   * Where a service is written down.
   *
   * @param prefix what stands before each key: {@code fairlead.} or {@code services.shop.}
   * @param service what can be said of the service
   * @param route what can be said of a named route
   */
  record Place(String prefix, Catalogue service, Catalogue route) {}

  /** Sorts the entries; what is in no catalogue becomes a problem. */
  static ServiceEntries sort(SortedMap<String, Entry> entries, Place place, Problems problems) {
    ServiceEntries sorted = new ServiceEntries(new TreeMap<>(), new TreeMap<>());
    entries.forEach(
        (key, entry) -> {
          if (key.startsWith(ServiceOptions.ROUTES_PREFIX)) {
            sorted.addToRoute(key, entry, place, problems);
          } else if (place.service.find(key).isPresent()) {
            sorted.own.put(key, entry);
          } else {
            problems.add(entry.path(), Problems.UNKNOWN, () -> suggestion(key, place));
          }
        });
    return sorted;
  }

  private void addToRoute(String key, Entry entry, Place place, Problems problems) {
    String rest = key.substring(ServiceOptions.ROUTES_PREFIX.length());
    int dot = rest.indexOf('.');
    String name = dot < 0 ? rest : rest.substring(0, dot);
    String routeKey = dot < 0 ? "" : rest.substring(dot + 1);
    if (!ROUTE_NAME.matcher(name).matches()) {
      problems.add(
          entry.path(),
          Problems.UNKNOWN,
          "a route's name of letters, digits, - and _ after routes.");
    } else if (place.route.find(routeKey).isEmpty()) {
      String prefix = place.prefix + ServiceOptions.ROUTES_PREFIX + name + ".";
      problems.add(entry.path(), Problems.UNKNOWN, () -> suggestion(routeKey, prefix, place.route));
    } else if (routes.size() == MAX_ROUTES && !routes.containsKey(name)) {
      problems.add(entry.path(), "one route more", "at most " + MAX_ROUTES + " of a service");
    } else {
      routes.computeIfAbsent(name, each -> new TreeMap<>()).put(routeKey, entry);
    }
  }

  private static String suggestion(String key, Place place) {
    List<String> known = new ArrayList<>(keys(place.service));
    int dot = key.indexOf('.');
    if (dot >= 0 && key.indexOf('.', dot + 1) >= 0) {
      known.add(ServiceOptions.ROUTES_PREFIX + key.substring(dot + 1));
    }
    return Spelling.nearest(key, known)
        .map(place.prefix::concat)
        .orElseGet(
            () ->
                "one of " + String.join(", ", place.service.topLevel()) + ", routes.<name>.<key>");
  }

  private static String suggestion(String key, String prefix, Catalogue catalogue) {
    return Spelling.nearest(key, keys(catalogue))
        .map(prefix::concat)
        .orElseGet(() -> prefix + " and one of " + String.join(", ", catalogue.topLevel()));
  }

  private static List<String> keys(Catalogue catalogue) {
    return catalogue.options().stream().<String>map(Option::key).toList();
  }
}
