package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Fields behind a body go both ways, whatever the client speaks. */
class TrailersTest {

  @Test
  void chunkedBodiesAndTrailersGoBothWays() throws Exception {
    Requests seen = new Requests();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                          + "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message answer =
          client
              .send(
                  "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n"
                      + "TE: trailers\r\n\r\n"
                      + "3;ext=1\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Mine: 1\r\nX-Real-Ip: x\r\n\r\n")
              .read();
      Message request = seen.next();

      assertThat(request.body()).isEqualTo("abcdefg");
      assertThat(request.value("transfer-encoding")).isEqualTo("chunked");
      assertThat(request.values("content-length")).isEmpty();
      assertThat(request.value("te")).isEqualTo("trailers");
      assertThat(request.trailers()).containsExactly("X-Mine: 1");
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.trailers()).containsExactly("X-Sum: 7");
    }
  }

  @Test
  void aBodyWithTrailersBecomesAChunkedOneAndBack() throws Exception {
    Requests seen = new Requests();
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: X-Hop\r\n"
                          + "X-Hop: 1\r\nKeep-Alive: x\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.post("/");
      exchange.send("abc", false).send("defg", false).trailers("x-mine", "1");

      assertThat(exchange.body()).isEqualTo("hello");
      assertThat(Objects.requireNonNull(exchange.trailers()).get("x-sum")).hasToString("7");
      assertThat(exchange.head().names().stream().map(CharSequence::toString))
          .containsExactly(":status", "x-request-id");
      Message request = seen.next();
      assertThat(request.value("transfer-encoding")).isEqualTo("chunked");
      assertThat(request.body()).isEqualTo("abcdefg");
      assertThat(request.trailers()).containsExactly("x-mine: 1");
    }
  }
}
