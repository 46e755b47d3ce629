package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;

/** An app may answer before it was asked to the end, and the client hears it. */
class EarlyAnswersTest {

  @Test
  void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, "too large");
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100000000");
      client.send("some of it");

      assertThat(client.read().body()).isEqualTo("too large");
      client.send("more of it");
      client.awaitClose();
    }
  }

  @Test
  void anEarlyAnswerArrivesWholeAndTheRestOfTheBodyIsDeclined() throws Exception {
    String large = "x".repeat(300_000);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  Origin.ok(connection, large);
                  connection.skip(Long.MAX_VALUE);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      exchange.send("some", false);

      assertThat(exchange.body()).hasSize(large.length());
    }
  }
}
