package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import org.junit.jupiter.api.Test;

/** Heads before the answer (RFC 9110 §15.2): 103 Early Hints and the like. */
class InformationalTest {

  @Test
  void informationalHeadsComeBeforeTheAnswer() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </style.css>");
                  connection.head("HTTP/1.1 102 Processing");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");

      assertThat(client.read().value("link")).isEqualTo("</style.css>");
      assertThat(client.read().status()).isEqualTo(102);
      assertThat(client.read().body()).isEqualTo("done");
    }
  }

  @Test
  void informationalHeadsComeFirst() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  connection.head("HTTP/1.1 103 Early Hints", "Link: </a>");
                  Origin.ok(connection, "done");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");

      assertThat(exchange.body()).isEqualTo("done");
      assertThat(exchange.informational()).hasSize(1);
      assertThat(exchange.informational().getFirst().get("link")).hasToString("</a>");
    }
  }

  @Test
  void anAppThatInformsWithoutEndIsStopped() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100));
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.get("a.test", "/");
      int informational = 0;
      Message answer = client.readHead();
      while (answer.status() == 103) {
        informational++;
        answer = client.readHead();
      }
      assertThat(answer.status()).isEqualTo(502);
      assertThat(informational).isEqualTo(16);
    }
  }
}
