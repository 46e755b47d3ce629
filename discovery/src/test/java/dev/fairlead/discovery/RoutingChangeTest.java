package dev.fairlead.discovery;

import static dev.fairlead.discovery.Services.LONG_AGO;
import static dev.fairlead.discovery.Services.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.RoutingSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sentence about what changed. */
class RoutingChangeTest {

  private static RoutingSpec spec(FoundService... services) {
    return Merge.of(Map.of("swarm", List.of(services)), Map.of()).spec();
  }

  @Test
  void saysNothingWhenOnlyEndpointsChanged() {
    RoutingSpec before = spec(service("shop", LONG_AGO, List.of("10.0.1.5"), "a.example.com"));
    RoutingSpec now = spec(service("shop", LONG_AGO, List.of("10.0.1.6"), "a.example.com"));

    assertThat(RoutingChange.between(Optional.of(before), now)).isEmpty();
  }

  @Test
  void namesWhatCameAndWhatWent() {
    RoutingSpec before = spec(service("shop", LONG_AGO, "a.example.com"));
    RoutingSpec now = spec(service("blog", LONG_AGO, "b.example.com"));

    assertThat(RoutingChange.between(Optional.of(before), now))
        .contains(
            "Routes: 1, endpoints: 1. New: b.example.com/ to blog:80."
                + " Gone: a.example.com/ to shop:80.");
  }

  @Test
  void namesFiveAtMost() {
    String[] hosts =
        IntStream.range(0, 7).mapToObj(i -> "h" + i + ".example.com").toArray(String[]::new);

    assertThat(RoutingChange.between(Optional.empty(), spec(service("shop", LONG_AGO, hosts))))
        .get()
        .asString()
        .endsWith("h4.example.com/ to shop:80 and 2 more.");
  }
}
