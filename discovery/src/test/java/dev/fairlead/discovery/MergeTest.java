package dev.fairlead.discovery;

import static dev.fairlead.discovery.Services.LATER;
import static dev.fairlead.discovery.Services.LONG_AGO;
import static dev.fairlead.discovery.Services.route;
import static dev.fairlead.discovery.Services.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets a host and path that several services ask for. */
class MergeTest {

  private static Merge merge(FoundService... services) {
    return Merge.of(Map.of("swarm", List.of(services)), Map.of());
  }

  private static Merge merge(Merge before, FoundService... services) {
    return Merge.of(Map.of("swarm", List.of(services)), before.owners());
  }

  private static List<String> clusters(Merge merge) {
    return merge.spec().routes().stream().map(RouteSpec::cluster).toList();
  }

  @Test
  void theOlderServiceWinsWhenNeitherHadTheHost() {
    var young = service("a_web", LATER, "web.example.com");
    var old = service("b_web", LONG_AGO, "web.example.com");

    for (Merge merge : List.of(merge(young, old), merge(old, young))) {
      assertThat(clusters(merge)).containsExactly("b_web:80");
      assertThat(merge.problems())
          .containsExactly(
              new ServiceProblem(
                  "a_web",
                  "its route a_web does not get web.example.com/, because service b_web has it;"
                      + " give one of the two another host or path"));
    }
  }

  @Test
  void theServiceThatHasTheHostKeepsItAgainstAnOlderOne() {
    var holder = service("shop", LATER, "web.example.com");
    var intruder = service("old", LONG_AGO, "web.example.com");
    Merge before = merge(holder);

    Merge after = merge(before, intruder, holder);

    assertThat(clusters(after)).containsExactly("shop:80");
    assertThat(after.problems()).extracting(ServiceProblem::service).containsExactly("old");
    assertThat(clusters(merge(after, intruder, holder))).containsExactly("shop:80");
  }

  @Test
  void theLoserGetsTheHostWhenTheHolderIsGone() {
    var holder = service("shop", LONG_AGO, "web.example.com");
    var loser = service("blog", LATER, "web.example.com");
    Merge before = merge(holder, loser);

    Merge after = merge(before, loser);

    assertThat(clusters(after)).containsExactly("blog:80");
    assertThat(after.problems()).isEmpty();
  }

  @Test
  void theLoserKeepsItsOtherHosts() {
    var holder = service("shop", LONG_AGO, "web.example.com");
    var loser = service("blog", LATER, "web.example.com", "blog.example.com");

    assertThat(clusters(merge(holder, loser))).containsExactly("blog:80", "shop:80");
  }

  @Test
  void aServiceOfTheSameAgeWinsByItsName() {
    var a = service("a", LATER, "web.example.com");
    var b = service("b", LATER, "web.example.com");

    assertThat(clusters(merge(b, a))).containsExactly("a:80");
  }

  @Test
  void servicesOfTwoProvidersAreOneSpec() {
    Merge merge =
        Merge.of(
            Map.of(
                "swarm", List.of(service("shop", LATER, "shop.example.com")),
                "file", List.of(service("nas", LONG_AGO, "nas.example.com", "shop.example.com"))),
            Map.of());

    assertThat(merge.spec().routes())
        .extracting(route -> route.match() + " " + route.cluster())
        .containsExactly("nas.example.com/ nas:80", "shop.example.com/ nas:80");
    assertThat(merge.spec().clusters()).extracting(ClusterSpec::name).containsExactly("nas:80");
  }

  @Test
  void aServiceThatAsksTwiceForTheSameGetsItsFirstRoute() {
    var service =
        new FoundService(
            "1",
            "shop",
            LATER,
            List.of(
                route("shop", "shop.example.com", "shop:80"),
                route("shop/b", "shop.example.com", "shop:81")),
            List.of(
                new ClusterSpec("shop:80", Balance.P2C, List.of()),
                new ClusterSpec("shop:81", Balance.P2C, List.of())));

    Merge merge = merge(service);

    assertThat(clusters(merge)).containsExactly("shop:80");
    assertThat(merge.problems())
        .extracting(ServiceProblem::sentence)
        .singleElement()
        .asString()
        .contains("route shop/b", "its route shop has it");
  }
}
