package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** {@code Expect: 100-continue} is between the client and the app (RFC 9110 §10.1.1). */
class ExpectContinueTest {

  @Test
  void aClientThatExpects100WaitsForTheAppsWord() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message head = connection.readHead();
                  goOn.await();
                  connection.head("HTTP/1.1 100 Continue");
                  byte[] body =
                      connection.readBytes(Integer.parseInt(head.value("content-length")));
                  Origin.ok(connection, head.value("expect") + body.length);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue");
      assertThat(client.isSilent(Duration.ofMillis(200))).isTrue();
      goOn.countDown();

      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send("body").read().body()).isEqualTo("100-continue4");
    }
  }

  @Test
  void anAppThatRefusesBeforeTheBodyIsHeard() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.readHead();
                  connection.head("HTTP/1.1 417 No", "Content-Length: 0");
                  connection.awaitClose();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client
              .head("PUT / HTTP/1.1", "Host: a.test", "Content-Length: 4", "Expect: 100-continue")
              .read();

      assertThat(answer.status()).isEqualTo(417);
      client.awaitClose();
    }
  }
}
