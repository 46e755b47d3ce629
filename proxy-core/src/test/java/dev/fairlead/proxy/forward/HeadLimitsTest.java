package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request's head may be at most; who goes beyond is told, and nobody else notices. */
class HeadLimitsTest {

  private static final int URI = 500;
  private static final int FIELDS = 20;
  private static final int HEAD = 2048;

  private static ProxyFixture limited(Origin app) {
    return ProxyFixture.builder()
        .limits(limits -> limits.uriLength(URI).headerCount(FIELDS).headerBytes(HEAD))
        .start(spec -> spec.route("a.test", app));
  }

  /** A request's lines: its target and some fields beside Host. */
  private static String[] head(int targetLength, int fields, int valueLength) {
    List<String> lines = new ArrayList<>();
    lines.add("GET /" + "x".repeat(targetLength - 1) + " HTTP/1.1");
    lines.add("Host: a.test");
    for (int i = 0; i < fields; i++) {
      lines.add("X" + i + ": " + "y".repeat(valueLength));
    }
    return lines.toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "500, 0, 0, 200",
    "501, 0, 0, 414",
    "3000, 0, 0, 414",
    "1, 19, 0, 200",
    "1, 20, 0, 431",
    "1, 1, 2000, 200",
    "1, 1, 2048, 431",
    "1, 15, 200, 431"
  })
  void eachLimitHasItsStatus(int target, int fields, int length, int status) throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(app);
        Wire other = proxy.connect();
        Wire client = proxy.connect()) {
      assertThat(other.get("a.test", "/").read().body()).isEqualTo("app");

      Message answer = client.head(head(target, fields, length)).read();
      assertThat(answer.status()).isEqualTo(status);
      if (status != 200) {
        assertThat(answer.value("connection")).isEqualTo("close");
        client.awaitClose();
        assertThat(app.requests()).isEqualTo(1);
      }
      assertThat(other.get("a.test", "/").read().body()).isEqualTo("app");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, 0, 0, 200",
    "501, 0, 0, 414",
    "1, 20, 0, 200",
    "1, 21, 0, 431",
    "1, 1, 2048, 431"
  })
  void overHttp2TheOtherRequestsOfTheConnectionGoOn(int target, int fields, int length, int status)
      throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy = limited(app);
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange waiting = client.post("/");
      List<String> request =
          new ArrayList<>(
              List.of(":method", "GET", ":scheme", "https", ":authority", "a.test", ":path"));
      request.add("/" + "x".repeat(target - 1));
      for (int i = 0; i < fields; i++) {
        request.addAll(List.of("x" + i, "y".repeat(length)));
      }

      assertThat(client.request(true, request.toArray(String[]::new)).status()).isEqualTo(status);
      waiting.send("", true);
      assertThat(waiting.body()).isEqualTo("app");
      assertThat(client.get("/").body()).isEqualTo("app");
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void moreStreamsThanTheLimitWaitForOthersToEnd() throws Exception {
    try (Origin app = Origin.named("app");
        ProxyFixture proxy =
            ProxyFixture.builder()
                .limits(limits -> limits.streams(2))
                .start(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      // The client knows the limit now.
      assertThat(client.get("/").body()).isEqualTo("app");
      Http2Wire.Exchange one = client.post("/");
      Http2Wire.Exchange two = client.post("/");
      assertThat(client.tooMany("/")).isTrue();
      one.send("", true);
      assertThat(one.body()).isEqualTo("app");

      assertThat(client.get("/").body()).isEqualTo("app");
      two.send("", true);
      assertThat(two.body()).isEqualTo("app");
      assertThat(client.goAway().completeOnTimeout(-1L, 1, TimeUnit.MILLISECONDS).get())
          .isEqualTo(-1L);
    }
  }
}
