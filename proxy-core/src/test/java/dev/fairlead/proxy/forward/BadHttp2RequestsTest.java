package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no request is refused on its own stream, and no app sees it. */
class BadHttp2RequestsTest {

  @Test
  void requestsThatAreNoneAreRefusedWithoutHarmToOthers() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      List<Http2Wire.Exchange> refused = new ArrayList<>();
      for (String path : List.of("/ HTTP/1.1", "x", "http://a.test/", "/%2f", "/..")) {
        refused.add(
            client.request(
                true, ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", path));
      }
      refused.add(
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/",
              "host",
              "b.test"));
      for (Http2Wire.Exchange exchange : refused) {
        assertThat(exchange.status()).isEqualTo(400);
      }

      assertThat(
              client
                  .request(
                      true,
                      ":method",
                      "GET",
                      ":scheme",
                      "https",
                      ":authority",
                      "b.test",
                      ":path",
                      "/")
                  .status())
          .isEqualTo(421);
      assertThat(client.get("/").body()).isEqualTo("app");
      assertThat(app.requests()).isEqualTo(1);
    }
  }

  @Test
  void nothingIsTheBodyOfAnAnswerToHeadAlsoWhenItsHeadIsRefused() throws Exception {
    try (ProxyFixture proxy = ProxyFixture.routing(spec -> {});
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange head =
          client.request(
              true,
              ":method",
              "HEAD",
              ":scheme",
              "https",
              ":authority",
              "a.test",
              ":path",
              "/" + "x".repeat(9000));

      assertThat(head.status()).isEqualTo(414);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void aLargeHeadIsReadUpToTheLimitOfEveryProtocol() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      assertThat(withField(client, "x".repeat(30_000)).body()).isEqualTo("app");
      assertThat(withField(client, "x".repeat(40_000)).status()).isEqualTo(431);
    }
  }

  private static Http2Wire.Exchange withField(Http2Wire client, String value) throws Exception {
    return client.request(
        true,
        ":method",
        "GET",
        ":scheme",
        "https",
        ":authority",
        "a.test",
        ":path",
        "/",
        "x-large",
        value);
  }
}
