package dev.fairlead.config.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoutingSpecTest {

  private static final EndpointSpec ONE = new EndpointSpec("10.0.0.1", 80);
  private static final EndpointSpec TWO = new EndpointSpec("10.0.0.2", 80);
  private static final ClusterSpec SHOP = cluster("shop:80", ONE, TWO);

  @Test
  void isEqualInWhateverOrderItWasFound() {
    ClusterSpec api = cluster("api:80");
    RouteSpec root = route("shop", "/", "shop:80");
    RouteSpec deep = route("shop/api", "/api", "api:80");

    assertThat(new RoutingSpec(List.of(root, deep), List.of(SHOP, api)))
        .isEqualTo(
            new RoutingSpec(List.of(deep, root), List.of(api, cluster("shop:80", TWO, ONE, TWO))));
  }

  @Test
  void refusesARouteWithoutItsCluster() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoutingSpec(List.of(route("shop", "/", "shop:80")), List.of()))
        .withMessage("route shop: shop:80 (expected: the name of a cluster)");
  }

  @Test
  void refusesTwoRoutesForOneHostAndPath() {
    List<RouteSpec> routes = List.of(route("shop", "/", "shop:80"), route("blog", "/", "shop:80"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoutingSpec(routes, List.of(SHOP)))
        .withMessage("route shop: example.com/ (expected: once)");
  }

  @Test
  void refusesTwoClustersOfOneName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoutingSpec(List.of(), List.of(SHOP, cluster("shop:80"))))
        .withMessage("cluster: shop:80 (expected: once)");
  }

  @Test
  void refusesARedirectToHttpsWithoutTls() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RouteSpec(
                    "shop",
                    new HostPattern(false, "example.com"),
                    PathPrefix.ROOT,
                    false,
                    "shop:80",
                    TlsMode.OFF,
                    true,
                    RouteLimits.NONE))
        .withMessage("route shop: redirect https (expected: off, as tls is off)");
  }

  private static ClusterSpec cluster(String name, EndpointSpec... endpoints) {
    return new ClusterSpec(name, Balance.P2C, List.of(endpoints));
  }

  private static RouteSpec route(String name, String path, String cluster) {
    return new RouteSpec(
        name,
        new HostPattern(false, "example.com"),
        new PathPrefix(path),
        false,
        cluster,
        TlsMode.ACME,
        true,
        RouteLimits.NONE);
  }
}
