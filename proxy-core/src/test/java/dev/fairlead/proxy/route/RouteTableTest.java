package dev.fairlead.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.testing.SpecBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Host, then path. */
class RouteTableTest {

  private static final long SEED = 4711;
  private static final String[] LABELS = {"a", "b", "c"};
  private static final String[] SEGMENTS = {"/x", "/xy", "/y"};

  private static final RouteTable TABLE =
      table("a.test/", "a.test/api", "a.test/api/v1", "b.test/only", "*.test/", "*.b.test/deep");

  @ParameterizedTest
  @CsvSource({
    "a.test, /, a.test/",
    "a.test, /x, a.test/",
    "a.test, /api, a.test/api",
    "a.test, /api/, a.test/api",
    "a.test, /api/x, a.test/api",
    "a.test, /apis, a.test/",
    "a.test, /api.x, a.test/",
    "a.test, /API, a.test/",
    "a.test, /api/v1, a.test/api/v1",
    "a.test, /api/v1/x, a.test/api/v1",
    "a.test, /api/v10, a.test/api",
    "a.test, *, a.test/",
    "b.test, /only/x, b.test/only",
    "c.test, /x, *.test/",
    "x.b.test, /deep, *.b.test/deep"
  })
  void theLongestPrefixOfTheHostWins(String host, String path, String name) {
    assertThat(name(TABLE.find(host, path))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    // An exact host hides the wildcard, with all its paths.
    "b.test, /other",
    "x.b.test, /other",
    // One label, not two, not none.
    "x.c.test, /",
    "test, /",
    ".test, /",
    "unknown.example, /",
    "'', /"
  })
  void nothingElseIsRouted(String host, String path) {
    assertThat(TABLE.find(host, path)).isNull();
  }

  @Test
  void anAddressIsFoundAsItStandsInRequests() {
    RouteTable table = table("203.0.113.5/", "2001:db8::1/", "*.0.test/");
    assertThat(name(table.find("203.0.113.5", "/"))).isEqualTo("203.0.113.5/");
    assertThat(name(table.find("[2001:db8::1]", "/x"))).isEqualTo("2001:db8::1/");
    assertThat(table.find("2001:db8::1", "/")).isNull();
    assertThat(table.find("203.0.113.50", "/")).isNull();
    assertThat(table.find("1.203.0.113.5", "/")).isNull();
  }

  @Test
  void aHostIsKnownWhateverThePath() {
    assertThat(TABLE.knows("b.test")).isTrue();
    assertThat(TABLE.knows("c.test")).isTrue();
    assertThat(TABLE.knows("x.c.test")).isFalse();
  }

  @Test
  void itFindsWhatANaiveSearchFinds() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    int found = 0;
    for (int i = 0; i < 2_000; i++) {
      Set<String> routes = new TreeSet<>();
      for (int n = random.nextInt(12); n > 0; n--) {
        routes.add((random.nextInt(3) == 0 ? "*." : "") + host(random) + path(random, 3));
      }
      RouteTable table = table(routes.toArray(String[]::new));
      for (int n = 0; n < 20; n++) {
        String host = host(random);
        String path = path(random, 4);
        String expected = naive(routes, host, path);
        assertThat(name(table.find(host, path)))
            .as("%s%s in %s", host, path, routes)
            .isEqualTo(expected);
        found += expected == null ? 0 : 1;
      }
    }
    assertThat(found).isGreaterThan(2_000);
  }

  private static @Nullable String naive(Set<String> routes, String host, String path) {
    List<String> ofHost = routes.stream().filter(route -> hostOf(route).equals(host)).toList();
    if (ofHost.isEmpty()) {
      ofHost =
          routes.stream()
              .filter(route -> route.startsWith("*."))
              .filter(route -> host.matches("[a-z]+\\Q" + hostOf(route).substring(1) + "\\E"))
              .toList();
    }
    return ofHost.stream()
        .filter(route -> (path + "/").startsWith(withSlash(pathOf(route))))
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static String hostOf(String route) {
    return route.substring(0, route.indexOf('/'));
  }

  private static String pathOf(String route) {
    return route.substring(route.indexOf('/'));
  }

  private static String host(RandomGenerator random) {
    StringBuilder host = new StringBuilder();
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      host.append(LABELS[random.nextInt(LABELS.length)]).append('.');
    }
    return host.append("test").toString();
  }

  private static String path(RandomGenerator random, int depth) {
    StringBuilder path = new StringBuilder();
    for (int n = random.nextInt(depth); n > 0; n--) {
      path.append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  private static RouteTable table(String... routes) {
    SpecBuilder builder = new SpecBuilder();
    for (String route : routes) {
      builder.route(hostOf(route), pathOf(route), false);
    }
    RoutingSpec spec = builder.build();
    Map<String, Cluster> clusters =
        new Clusters(new StickyTokens(new byte[] {1})).update(spec.clusters(), 0);
    List<Route> all = new ArrayList<>();
    for (RouteSpec route : spec.routes()) {
      Cluster cluster = clusters.get(route.cluster());
      if (cluster != null) {
        all.add(new Route(route, cluster));
      }
    }
    return new RouteTable(all);
  }

  private static @Nullable String name(@Nullable Route route) {
    return route == null ? null : route.spec().name();
  }
}
