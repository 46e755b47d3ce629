package dev.fairlead.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.UpstreamSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What outlives a change, and what ends with it. */
class ClustersTest {

  private final Clusters clusters = new Clusters(new StickyTokens(new byte[] {1}));

  @Test
  void aClusterThatDidNotChangeIsTheSame() {
    Cluster before = update(spec("shop", 1, 2), spec("blog", 3));

    assertThat(update(spec("shop", 1, 2), spec("blog", 4))).isSameAs(before);
  }

  @Test
  void theNumbersOfAnEndpointSurviveTheComingAndGoingOfOthers() {
    Endpoint kept = update(spec("shop", 1, 2)).endpoints().getFirst();
    kept.state().started();

    Cluster after = update(spec("shop", 1, 3));

    assertThat(after.endpoints().getFirst()).isEqualTo(kept);
    assertThat(after.endpoints().getFirst().state()).isSameAs(kept.state());
    assertThat(kept.state().inFlight()).isEqualTo(1);
    assertThat(kept.state().isRetired()).isFalse();
  }

  @Test
  void theNumbersOfAnEndpointSurviveAnotherBalancer() {
    Endpoint kept = update(spec("shop", 1)).endpoints().getFirst();

    Cluster after =
        update(new ClusterSpec("shop", Balance.P2C, List.of(new EndpointSpec("10.0.0.1", 80))));

    assertThat(after.endpoints()).containsExactly(kept);
  }

  @Test
  void withAnotherKeyClientsAreGivenOthersAndNothingElseChanges() {
    ClusterSpec sticky = sticky(1, 2);
    Cluster before = update(sticky, spec("blog", 3));
    Cluster other =
        Objects.requireNonNull(clusters.update(List.of(sticky, spec("blog", 3)), 0).get("blog"));
    Endpoint endpoint = before.endpoints().getFirst();
    endpoint.state().started();

    clusters.tokens(new StickyTokens(new byte[] {2}));
    Cluster after = update(sticky, spec("blog", 3));

    assertThat(after.token(endpoint)).isNotNull().isNotEqualTo(before.token(endpoint));
    assertThat(after.endpoints()).isEqualTo(before.endpoints());
    assertThat(endpoint.state().inFlight()).isEqualTo(1);
    assertThat(endpoint.state().isRetired()).isFalse();
    assertThat(clusters.update(List.of(sticky, spec("blog", 3)), 0))
        .containsEntry("blog", other)
        .containsEntry("shop", after);
  }

  private static ClusterSpec sticky(int... last) {
    return new ClusterSpec(
        "shop",
        ClusterPolicy.of(Balance.ROUND_ROBIN).withSticky("task"),
        UpstreamSpec.PLAIN,
        spec("shop", last).endpoints());
  }

  @Test
  void anEndpointThatLeftIsRetired() {
    Cluster before = update(spec("shop", 1, 2));

    update(spec("shop", 1));

    assertThat(before.endpoints().getFirst().state().isRetired()).isFalse();
    assertThat(before.endpoints().getLast().state().isRetired()).isTrue();
  }

  @Test
  void allEndpointsOfAClusterThatLeftAreRetired() {
    Cluster before = update(spec("shop", 1, 2));

    clusters.update(List.of(), 0);

    assertThat(before.endpoints()).allMatch(endpoint -> endpoint.state().isRetired());
  }

  @Test
  void anAddressThatComesBackIsANewEndpoint() {
    Endpoint before = update(spec("shop", 1)).endpoints().getFirst();
    clusters.update(List.of(), 0);

    Endpoint after = update(spec("shop", 1)).endpoints().getFirst();

    assertThat(after).isNotEqualTo(before);
    assertThat(after.state().isRetired()).isFalse();
  }

  @Test
  void theSameAddressInTwoClustersIsTwoEndpoints() {
    Cluster shop = update(spec("shop", 1), spec("blog", 1));
    Cluster blog = Objects.requireNonNull(clusters.update(List.of(spec("blog", 1)), 0).get("blog"));

    assertThat(shop.endpoints().getFirst().state().isRetired()).isTrue();
    assertThat(blog.endpoints().getFirst().state().isRetired()).isFalse();
  }

  /** Returns the first cluster. */
  private Cluster update(ClusterSpec... specs) {
    return Objects.requireNonNull(clusters.update(List.of(specs), 0).get(specs[0].name()));
  }

  private static ClusterSpec spec(String name, int... tasks) {
    return new ClusterSpec(
        name,
        Balance.ROUND_ROBIN,
        Arrays.stream(tasks).mapToObj(i -> new EndpointSpec("10.0.0." + i, 80)).toList());
  }
}
