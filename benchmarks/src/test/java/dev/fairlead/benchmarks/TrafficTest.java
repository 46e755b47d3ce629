package dev.fairlead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.config.routing.RouteSpec;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrafficTest {

  @Test
  void hasAsManyRoutesAsWereAskedFor() {
    assertThat(Traffic.over(10).spec().routes()).hasSize(10);
    assertThat(Traffic.over(1000).spec().routes()).hasSize(1000);
  }

  @Test
  void asksForEveryKindOfRouteAndForUnknownHosts() {
    Traffic traffic = Traffic.over(1000);
    Set<String> paths =
        traffic.requests().stream()
            .map(Traffic.Request::expected)
            .filter(Objects::nonNull)
            .map(route -> route.host().wildcard() ? "*" : route.path().value())
            .collect(Collectors.toSet());
    assertThat(paths).containsExactlyInAnyOrder("*", "/", "/api", "/api/v2", "/static/assets");
    assertThat(traffic.requests()).hasSize(Traffic.REQUESTS);
    assertThat(traffic.requests()).anyMatch(request -> request.expected() == null);
  }

  @Test
  void isTheSameInEveryRun() {
    assertThat(Traffic.over(100)).isEqualTo(Traffic.over(100));
  }

  @Test
  void aWrongResultEndsTheMeasurement() {
    RouteSpec route = Services.route(1, false, "a.example.com", "/");
    RouteSpec other = Services.route(1, false, "a.example.com", "/api");
    assertThatThrownBy(() -> Expect.equal(other, route)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Expect.equal(null, route)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Expect.present(null)).isInstanceOf(AssertionError.class);
  }
}
