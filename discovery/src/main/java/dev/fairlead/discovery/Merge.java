package dev.fairlead.discovery;

import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RouteSpec.Match;
import dev.fairlead.config.routing.RoutingSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one spec of what all providers found. A host and path that several services ask for stays
 * with the one that has it; when none has it yet, the oldest gets it.
 *
 * @param owners which service has which host and path
 * @param problems of the services that did not get what they asked for
 */
record Merge(RoutingSpec spec, Map<Match, Owner> owners, List<ServiceProblem> problems) {

  /** A service among those of all providers. */
  record Owner(String provider, String id) {}

  private record Claim(Owner owner, FoundService service, RouteSpec route) {}

  private static final Comparator<Claim> BY_AGE =
      Comparator.comparing((Claim claim) -> claim.service.since())
          .thenComparing(claim -> claim.service.name())
          .thenComparing(claim -> claim.owner.provider)
          .thenComparing(claim -> claim.owner.id);

  /**
   * Merges.
   *
   * @param found the services of each provider, by its name
   * @param owners which service had which host and path before
   */
  static Merge of(Map<String, List<FoundService>> found, Map<Match, Owner> owners) {
    Map<Match, Claim> winners = new HashMap<>();
    List<ServiceProblem> problems = new ArrayList<>();
    claims(found)
        .forEach((match, claims) -> winners.put(match, decide(match, claims, owners, problems)));

    List<RouteSpec> routes = winners.values().stream().map(Claim::route).toList();
    Map<Match, Owner> newOwners = new HashMap<>();
    winners.forEach((match, claim) -> newOwners.put(match, claim.owner));
    return new Merge(
        new RoutingSpec(routes, clusters(routes, found)),
        Map.copyOf(newOwners),
        List.copyOf(problems));
  }

  /** All that is asked for, oldest service first; a service's own routes stay in its order. */
  private static Map<Match, List<Claim>> claims(Map<String, List<FoundService>> found) {
    List<Claim> claims = new ArrayList<>();
    found.forEach(
        (provider, services) -> {
          for (FoundService service : services) {
            for (RouteSpec route : service.routes()) {
              claims.add(new Claim(new Owner(provider, service.id()), service, route));
            }
          }
        });
    claims.sort(BY_AGE);
    Map<Match, List<Claim>> byMatch = new LinkedHashMap<>();
    for (Claim claim : claims) {
      byMatch.computeIfAbsent(claim.route.match(), _ -> new ArrayList<>()).add(claim);
    }
    return byMatch;
  }

  private static Claim decide(
      Match match, List<Claim> claims, Map<Match, Owner> owners, List<ServiceProblem> problems) {
    Claim winner =
        claims.stream()
            .filter(claim -> claim.owner.equals(owners.get(match)))
            .findFirst()
            .orElse(claims.getFirst());
    for (Claim claim : claims) {
      if (!claim.equals(winner)) {
        problems.add(lost(claim, winner));
      }
    }
    return winner;
  }

  private static ServiceProblem lost(Claim loser, Claim winner) {
    String holder =
        loser.owner.equals(winner.owner)
            ? "its route %s has it".formatted(winner.route.name())
            : "service %s has it".formatted(winner.service.name());
    return new ServiceProblem(
        loser.service.name(),
        "its route %s does not get %s, because %s; give one of the two another host or path"
            .formatted(loser.route.name(), loser.route.match(), holder));
  }

  /** The clusters that a route leads to. */
  private static List<ClusterSpec> clusters(
      List<RouteSpec> routes, Map<String, List<FoundService>> found) {
    Set<String> used = new HashSet<>();
    routes.forEach(route -> used.add(route.cluster()));
    return found.values().stream()
        .flatMap(List::stream)
        .flatMap(service -> service.clusters().stream())
        .filter(cluster -> used.contains(cluster.name()))
        .toList();
  }
}
