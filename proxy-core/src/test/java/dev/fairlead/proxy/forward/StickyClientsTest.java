package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that stay with the task that they were given first. */
class StickyClientsTest {

  private static final int REQUESTS = 12;
  private static final ClusterPolicy STICKY =
      ClusterPolicy.of(Balance.ROUND_ROBIN).withSticky("task");

  private final Origin a = Origin.named("a");
  private final Origin b = Origin.named("b");
  private final Origin c = Origin.named("c");
  private final ProxyFixture proxy =
      ProxyFixture.routing(
          spec -> spec.route("a.test", a, b, c).shared(STICKY).route("b.test", a, b, c));

  @AfterEach
  void close() {
    proxy.close();
    a.close();
    b.close();
    c.close();
  }

  private static Message ask(Wire client, String cookie) throws IOException {
    return client.head("GET / HTTP/1.1", "Host: a.test", "Cookie: x=y; " + cookie).read();
  }

  /** What a browser sends back of a Set-Cookie field. */
  private static String pair(Message answer) {
    return answer.value("set-cookie").replaceFirst(";.*", "");
  }

  @Test
  void theFirstAnswerSaysWhereTheyStay() throws Exception {
    try (Wire client = proxy.connectTls("a.test")) {
      Message first = client.get("a.test", "/").read();
      assertThat(first.value("set-cookie"))
          .matches("task=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax; Secure")
          .doesNotContain("127.0.0.1");

      for (int i = 0; i < REQUESTS; i++) {
        Message answer = ask(client, pair(first));
        assertThat(answer.body()).isEqualTo(first.body());
        assertThat(answer.values("set-cookie")).isEmpty();
      }
    }
  }

  @Test
  void byPlainHttpTheCookieIsNotForTlsAlone() throws Exception {
    try (Wire client = proxy.connect()) {
      assertThat(client.get("a.test", "/").read().value("set-cookie")).endsWith("SameSite=Lax");
    }
  }

  @Test
  void whoHasNoneIsBalanced() throws Exception {
    Set<String> answers = new TreeSet<>();
    try (Wire client = proxy.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(client.get("a.test", "/").read().body());
      }
    }
    assertThat(answers).hasSize(3);
  }

  @Test
  void whatNobodyWasGivenIsWorthNothing() throws Exception {
    Set<String> answers = new TreeSet<>();
    try (Wire client = proxy.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        Message answer = ask(client, "task=AAAAAAAAAAAAAAAAAAAAAA");
        answers.add(answer.body());
        assertThat(pair(answer)).startsWith("task=");
      }
    }
    assertThat(answers).hasSize(3);
  }

  @Test
  void theyMoveWhenTheirTaskIsGoneAndOnlyThen() throws Exception {
    try (Wire client = proxy.connect()) {
      Message first = client.get("a.test", "/").read();
      Origin own = first.body().equals("a") ? a : first.body().equals("b") ? b : c;
      Origin other = own.equals(a) ? b : a;
      Origin third = own.equals(c) ? b : c;
      proxy.publish(spec -> spec.route("a.test", own, other).shared(STICKY));
      assertThat(ask(client, pair(first)).body()).isEqualTo(first.body());

      proxy.publish(spec -> spec.route("a.test", other, third).shared(STICKY));
      Message moved = ask(client, pair(first));
      assertThat(moved.body()).isNotEqualTo(first.body());
      assertThat(pair(moved)).isNotEqualTo(pair(first));
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(ask(client, pair(moved)).body()).isEqualTo(moved.body());
      }
    }
  }

  @Test
  void servicesThatDoNotAskForItSetNoCookies() throws Exception {
    try (Wire client = proxy.connect()) {
      assertThat(client.get("b.test", "/").read().values("set-cookie")).isEmpty();
    }
  }
}
