package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The end of one stream of HTTP/2 before its time is no end of another. */
class Http2ResetsTest {

  @Test
  void aStreamThatIsResetEndsTheAppsWorkAndNoOther() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  Message request = connection.read();
                  if (request.target().equals("/slow")) {
                    asked.countDown();
                    connection.awaitClose();
                    left.countDown();
                  } else {
                    Origin.ok(connection, "fast");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange slow = client.get("/slow");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      slow.reset();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.get("/fast").body()).isEqualTo("fast");
      await().untilAsserted(() -> assertThat(proxy.log()).hasSize(2));
    }
  }

  @Test
  void theJdksClientThatCancelsEndsTheAppsWork() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  asked.countDown();
                  connection.awaitClose();
                  left.countDown();
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(proxy.https("a.test", "/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      answer.cancel(true);

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anAnswerThatStopsIsReset() throws Exception {
    try (Origin app =
            Origin.scripted(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.get("/");

      assertThat(exchange.status()).isEqualTo(200);
      assertThatThrownBy(exchange::body).hasMessageContaining("reset INTERNAL_ERROR");
      assertThat(client.isOpen()).isTrue();
    }
  }
}
