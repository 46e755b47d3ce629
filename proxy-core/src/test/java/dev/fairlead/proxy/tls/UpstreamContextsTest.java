package dev.fairlead.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.config.routing.UpstreamTls;
import dev.fairlead.proxy.testing.SpecBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpstreamContextsTest {

  private static final UpstreamSpec SHOP = named("shop");
  private static final UpstreamSpec BLOG = named("blog");

  /** What is routed changes a moment later, and requests under way still ask for what was. */
  @Test
  void whatIsNotWantedAnyMoreIsThereForOneChangeMore() {
    UpstreamContexts contexts = new UpstreamContexts();
    contexts.prepare(routing(SHOP));
    contexts.prepare(routing(BLOG));

    assertThat(contexts.find(SHOP)).isNotNull();
    assertThat(contexts.find(BLOG)).isNotNull();
    contexts.prepare(routing(BLOG));
    assertThat(contexts.find(SHOP)).isNull();
    assertThat(contexts.find(BLOG)).isNotNull();
  }

  @Test
  void whatDoesNotChangeStaysTheSame() {
    UpstreamContexts contexts = new UpstreamContexts();
    contexts.prepare(routing(SHOP));
    Object first = contexts.find(SHOP);
    contexts.prepare(routing(BLOG));
    contexts.prepare(routing(SHOP));

    assertThat(contexts.find(SHOP)).isSameAs(first);
  }

  private static RoutingSpec routing(UpstreamSpec upstream) {
    return new SpecBuilder().route("a.test", upstream, new EndpointSpec("127.0.0.1", 1)).build();
  }

  private static UpstreamSpec named(String name) {
    return new UpstreamSpec(
        Scheme.HTTPS, Optional.of(new UpstreamTls(name, false, Optional.empty())), false);
  }
}
