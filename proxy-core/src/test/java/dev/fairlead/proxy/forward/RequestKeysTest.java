package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.HashKey;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests go to the same task where what they have in common decides. */
class RequestKeysTest {

  private static final int REQUESTS = 60;

  private final Origin a = Origin.named("a");
  private final Origin b = Origin.named("b");
  private final Origin c = Origin.named("c");
  private final ProxyFixture proxy =
      ProxyFixture.builder()
          .trusting("127.0.0.1/32")
          .start(
              spec ->
                  spec.route("client.test", a, b, c)
                      .shared(by("client"))
                      .route("header.test", a, b, c)
                      .shared(by("header:X-Tenant"))
                      .route("cookie.test", a, b, c)
                      .shared(by("cookie:sid")));

  @AfterEach
  void close() {
    proxy.close();
    a.close();
    b.close();
    c.close();
  }

  private static ClusterPolicy by(String key) {
    return ClusterPolicy.of(Balance.HASH).withHashKey(HashKey.parse(key).orElseThrow());
  }

  @Test
  void thoseOfOneClient() throws IOException {
    assertThat(answers("client.test", "X-Forwarded-For: 192.0.2.1")).hasSize(1);
    assertThat(answers("client.test", "X-Forwarded-For: 192.0.2.%d")).hasSize(3);
  }

  @Test
  void thoseWithTheSameHeader() throws IOException {
    assertThat(answers("header.test", "x-tenant: one")).hasSize(1);
    assertThat(answers("header.test", "X-Tenant: %d")).hasSize(3);
    assertThat(answers("header.test", "X-Other: one")).hasSize(3);
  }

  @Test
  void thoseWithTheSameCookie() throws IOException {
    assertThat(answers("cookie.test", "Cookie: theme=dark; sid=one")).hasSize(1);
    assertThat(answers("cookie.test", "Cookie: sid=%d")).hasSize(3);
    assertThat(answers("cookie.test", "Cookie: theme=dark")).hasSize(3);
  }

  /** Who answers requests with such a field, each with another number where it has one. */
  private Set<String> answers(String host, String field) throws IOException {
    Set<String> answers = new TreeSet<>();
    try (Wire client = proxy.connect()) {
      for (int i = 1; i <= REQUESTS; i++) {
        answers.add(
            client.head("GET / HTTP/1.1", "Host: " + host, field.formatted(i)).read().body());
      }
    }
    return answers;
  }
}
