package dev.fairlead.conformance.growth;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.RouteLimits;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.testing.SpecBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * What the proxy routes, which changes with every publication.
 *
 * @param app port of the app of HTTP/1.1, at 127.0.0.1 and 127.0.0.2
 * @param http2 port of the app of HTTP/2
 * @param refused port where nobody listens
 * @param deaf port where nobody answers
 */
record Routes(int app, int http2, int refused, int deaf) {

  private static final UpstreamSpec H2C = new UpstreamSpec(Scheme.H2C, Optional.empty(), false);

  /** Waits for half a minute until there is a connection. */
  private static final RouteLimits PATIENT =
      new RouteLimits(
          Optional.of(Duration.ofSeconds(30)),
          Optional.of(Duration.ofSeconds(30)),
          Optional.empty(),
          Optional.empty());

  /** Hosts that come and go. */
  private static final int PASSING = 20;

  /**
   * Writes the routes of one publication.
   *
   * @param number of the publication
   */
  void to(SpecBuilder spec, int number) {
    EndpointSpec first = new EndpointSpec("127.0.0.1", app);
    EndpointSpec second = new EndpointSpec("127.0.0.2", app);
    spec.route("a.test", first, second)
        .route("new.test", first)
        .route("churn.test", number % 2 == 0 ? first : second)
        .route("h2.test", H2C, new EndpointSpec("127.0.0.1", http2))
        .route("cut2.test", H2C, new EndpointSpec("127.0.0.1", http2))
        .route("goes2.test", H2C, new EndpointSpec("127.0.0.1", http2))
        .route("refused.test", new EndpointSpec("127.0.0.1", refused))
        .route("deaf.test", new EndpointSpec("127.0.0.1", deaf))
        .route("empty.test", new EndpointSpec[0])
        .redirected("moved.test")
        .route("asleep.test", new EndpointSpec("127.0.0.1", deaf))
        .limited(PATIENT);
    for (int i = 0; i < PASSING; i++) {
      spec.route("passing-" + (number + i) + ".test", number % 3 == 0 ? first : second);
    }
  }
}
