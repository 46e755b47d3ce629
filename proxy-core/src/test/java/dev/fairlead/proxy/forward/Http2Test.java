package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** HTTP/2 from clients, HTTP/1.1 to apps. */
class Http2Test {

  @Test
  void theAppSeesAnHttp11Request() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange =
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/x?y",
              "cookie",
              "a=1",
              "cookie",
              "b=2",
              "x-forwarded-for",
              "evil");
      assertThat(exchange.body()).isEqualTo("ok");
      Message request = seen.next();

      assertThat(request.start()).isEqualTo("GET /x?y HTTP/1.1");
      String id = request.value("x-request-id");
      assertThat(request.fields())
          .containsExactlyInAnyOrder(
              "cookie: a=1; b=2",
              "Host: a.test",
              "X-Forwarded-For: 127.0.0.1",
              "X-Real-IP: 127.0.0.1",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: a.test",
              "X-Forwarded-Port: 443",
              "X-Request-Id: " + id,
              "traceparent: 00-%s-%s-01".formatted(id, id.substring(16)));
    }
  }

  @Test
  void aBodyOfKnownLengthKeepsItsLength() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        HttpClient client = ProxyFixture.client(HttpClient.Version.HTTP_2)) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(proxy.https("a.test", "/"))
                  .PUT(HttpRequest.BodyPublishers.ofString("x".repeat(10_000)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("ok");
      Message request = seen.next();
      assertThat(request.value("content-length")).isEqualTo("10000");
      assertThat(request.body()).hasSize(10_000);
    }
  }

  @Test
  void headAndNoContentHaveNoBody() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  if (request.method().equals("HEAD")) {
                    connection.head("HTTP/1.1 200 OK", "Content-Length: 1000");
                  } else {
                    connection.head("HTTP/1.1 204 No Content");
                  }
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange head =
          client.request(
              true, ":method", "HEAD", ":scheme", "https", ":authority", "a.test", ":path", "/");

      assertThat(head.body()).isEmpty();
      assertThat(head.head().get("content-length")).hasToString("1000");
      assertThat(client.get("/").status()).isEqualTo(204);
    }
  }

  @Test
  void manyStreamsAreAnsweredSideBySide() throws Exception {
    int count = 100;
    CountDownLatch all = new CountDownLatch(count);
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  all.countDown();
                  all.await();
                  Origin.ok(connection, request.target());
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> exchanges = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        exchanges.add(client.get("/" + i));
      }

      for (int i = 0; i < count; i++) {
        assertThat(exchanges.get(i).body()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void anUpgradeIsNoPartOfHttp2() throws Exception {
    Requests seen = new Requests();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.head(
                      "HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: x");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Headers head = client.get("/").head();

      assertThat(head.status()).hasToString("502");
      assertThat(seen.next().values("upgrade")).isEmpty();
    }
  }
}
