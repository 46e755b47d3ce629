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

  /** Where the length is told nothing can follow the body (RFC 9112 §7.1.2). */
  @Test
  void behindABodyOfKnownLengthThereIsNoPlaceForThem() throws Exception {
    Requests seen = new Requests();
    try (Origin app = seen.origin();
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange exchange = client.ask("POST", "/", false, "content-length", "4");
      exchange.send("body", false).trailers("x-mine", "1");

      assertThat(exchange.body()).isEqualTo("ok");
      Message request = seen.next();
      assertThat(request.value("content-length")).isEqualTo("4");
      assertThat(request.body()).isEqualTo("body");
      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(seen.next().method()).isEqualTo("GET");
    }
  }

  @Test
  void behindAnEmptyBodyTheyComeAllTheSame() throws Exception {
    try (Origin app =
            Origin.answering(
                (request, connection) ->
                    connection.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "0\r\nGrpc-Status: 5\r\n\r\n"));
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire http1 = proxy.connect();
        Http2Wire http2 = new Http2Wire(proxy, "a.test")) {
      assertThat(http1.get("a.test", "/").read().trailers()).containsExactly("Grpc-Status: 5");
      Http2Wire.Exchange exchange = http2.get("/");
      assertThat(exchange.body()).isEmpty();
      assertThat(Objects.requireNonNull(exchange.trailers()).get("grpc-status")).hasToString("5");
    }
  }

  @Test
  void whatMustStandBeforeTheBodyIsLeftOut() throws Exception {
    Requests seen = new Requests();
    String trailers =
        "Content-Length: 1\r\nTransfer-Encoding: gzip\r\nHost: b.test\r\nSet-Cookie: a=1\r\n"
            + "Authorization: x\r\nX_Forwarded_For: 1.1.1.1\r\nX-Kept: 1\r\n\r\n";
    try (Origin app =
            Origin.answering(
                (request, connection) -> {
                  seen.add(request);
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailers);
                });
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailers);

      assertThat(client.read().trailers()).containsExactly("X-Kept: 1");
      assertThat(seen.next().trailers()).containsExactly("X-Kept: 1");
    }
  }
}
