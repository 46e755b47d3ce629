package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection ends with its last request, and no request is lost by that. */
class RequestsPerConnectionTest {

  private static ProxyFixture limited(int requests, Origin app) {
    return ProxyFixture.builder()
        .limits(limits -> limits.requestsPerConnection(requests))
        .start(spec -> spec.route("a.test", app));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastAnswerSaysThatTheConnectionCloses(boolean tls) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(3, app);
        Wire client = tls ? proxy.connectTls("a.test") : proxy.connect()) {
      for (int i = 0; i < 2; i++) {
        assertThat(client.get("a.test", "/").read().value("connection")).isEmpty();
      }
      Message last = client.get("a.test", "/").read();

      assertThat(last.body()).isEqualTo("app");
      assertThat(last.value("connection")).isEqualTo("close");
      client.awaitClose();
    }
  }

  @Test
  void whatIsPipelinedBehindTheLastOneIsNotAnswered() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(1, app);
        Wire client = proxy.connect()) {
      String request = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
      client.send(request + request);

      assertThat(client.read().value("connection")).isEqualTo("close");
      client.awaitClose();
      assertThat(app.requests()).isEqualTo(1);
    }
  }

  @Test
  void overHttp2WhatIsUnderWayEnds() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  goOn.await();
                  Origin.ok(connection, "late");
                });
        ProxyFixture proxy = limited(2, app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange one = client.get("/");
      Http2Wire.Exchange two = client.get("/");
      client.goAway().get(10, TimeUnit.SECONDS);
      goOn.countDown();

      assertThat(one.body()).isEqualTo("late");
      assertThat(two.body()).isEqualTo("late");
      await().until(() -> !client.isOpen());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void noRequestOfManyIsLost(HttpClient.Version version) throws Exception {
    int requests = 200;
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(7, app);
        HttpClient client = ProxyFixture.client(version)) {
      HttpRequest request = HttpRequest.newBuilder(proxy.https("a.test", "/")).build();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        if (i % 5 == 4) {
          answers.getLast().get(20, TimeUnit.SECONDS);
        }
      }

      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(app.requests()).isEqualTo(requests);
    }
  }
}
