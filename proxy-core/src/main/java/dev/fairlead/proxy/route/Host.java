package dev.fairlead.proxy.route;

import dev.fairlead.config.routing.RouteSpec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The routes of one host name, or of all names below one. */
final class Host {

  private static final Route[] NONE = {};
  private static final String[] NO_PREFIXES = {};

  private final String name;

  /** The longest first, without the one for all paths; the routes stand in the same order. */
  private final String[] prefixes;

  private final Route[] routes;
  private final @Nullable Route root;

  Host(String name, List<Route> ofHost) {
    this.name = name;
    Route forAll = null;
    for (Route route : ofHost) {
      forAll = prefix(route).equals("/") ? route : forAll;
    }
    this.root = forAll;
    List<Route> others =
        ofHost.stream()
            .filter(route -> !prefix(route).equals("/"))
            .sorted(Comparator.comparingInt((Route route) -> prefix(route).length()).reversed())
            .toList();
    // Most hosts have one route only: these arrays are one and the same, and near the processor.
    this.routes = others.isEmpty() ? NONE : others.toArray(Route[]::new);
    this.prefixes =
        others.isEmpty() ? NO_PREFIXES : others.stream().map(Host::prefix).toArray(String[]::new);
  }

  String name() {
    return name;
  }

  /** Whether the rest of a text, from a place on, is this name. */
  boolean isNamed(String text, int from) {
    return from == 0
        ? name.equals(text)
        : name.length() == text.length() - from && text.startsWith(name, from);
  }

  /** The route with the longest prefix of the path. */
  @Nullable Route find(String path) {
    for (int i = 0; i < prefixes.length; i++) {
      if (matches(prefixes[i], path)) {
        return routes[i];
      }
    }
    return root;
  }

  /** Whether one of the routes is such a one. */
  boolean any(Predicate<RouteSpec> condition) {
    return (root != null && condition.test(root.spec()))
        || Arrays.stream(routes).anyMatch(route -> condition.test(route.spec()));
  }

  // Whole segments: /api stands for /api and /api/x, not for /apis.
  private static boolean matches(String prefix, String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  private static String prefix(Route route) {
    return route.spec().path().value();
  }
}
