package dev.fairlead.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Http2Wire;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Requests;
import dev.fairlead.proxy.testing.Wire;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parts of a whole (RFC 9110 §14) are the app's business: they pass as they are. */
class RangesTest {

  private static final String PARTS =
      "\r\n--SEP\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\nab"
          + "\r\n--SEP\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\nij"
          + "\r\n--SEP--\r\n";

  /** Answers with one part, two parts or none, by what is asked for. */
  private static Origin ranged(Requests seen) {
    return Origin.answering(
        (request, connection) -> {
          seen.add(request);
          switch (request.value("range")) {
            case "bytes=2-4" ->
                connection.send(
                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/10\r\n"
                        + "Accept-Ranges: bytes\r\nETag: \"v1\"\r\nContent-Length: 3\r\n\r\ncde");
            case "bytes=0-1,8-9" ->
                connection.send(
                    "HTTP/1.1 206 Partial Content\r\n"
                        + "Content-Type: multipart/byteranges; boundary=SEP\r\n"
                        + "Content-Length: "
                        + PARTS.length()
                        + "\r\n\r\n"
                        + PARTS);
            default ->
                connection.head(
                    "HTTP/1.1 416 Range Not Satisfiable",
                    "Content-Range: bytes */10",
                    "Content-Length: 0");
          }
        });
  }

  @Test
  void byHttp1() throws Exception {
    Requests seen = new Requests();
    try (Origin app = ranged(seen);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Wire client = proxy.connect()) {
      Message one =
          client
              .head(
                  "GET /f HTTP/1.1",
                  "Host: a.test",
                  "Range: bytes=2-4",
                  "If-Range: \"v1\"",
                  "If-None-Match: \"v0\"")
              .read();
      assertThat(one.status()).isEqualTo(206);
      assertThat(one.value("content-range")).isEqualTo("bytes 2-4/10");
      assertThat(one.value("accept-ranges")).isEqualTo("bytes");
      assertThat(one.value("etag")).isEqualTo("\"v1\"");
      assertThat(one.body()).isEqualTo("cde");
      Message asked = seen.next();
      assertThat(asked.value("if-range")).isEqualTo("\"v1\"");
      assertThat(asked.value("if-none-match")).isEqualTo("\"v0\"");

      Message parts = client.head("GET /f HTTP/1.1", "Host: a.test", "Range: bytes=0-1,8-9").read();
      assertThat(parts.status()).isEqualTo(206);
      assertThat(parts.value("content-type")).isEqualTo("multipart/byteranges; boundary=SEP");
      assertThat(parts.body()).isEqualTo(PARTS);

      Message none = client.head("GET /f HTTP/1.1", "Host: a.test", "Range: bytes=90-").read();
      assertThat(none.status()).isEqualTo(416);
      assertThat(none.value("content-range")).isEqualTo("bytes */10");
    }
  }

  @Test
  void byHttp2() throws Exception {
    Requests seen = new Requests();
    try (Origin app = ranged(seen);
        ProxyFixture proxy = ProxyFixture.routing(spec -> spec.route("a.test", app));
        Http2Wire client = new Http2Wire(proxy, "a.test")) {
      Http2Wire.Exchange one =
          client.ask("GET", "/f", true, "range", "bytes=2-4", "if-range", "\"v1\"");
      assertThat(one.status()).isEqualTo(206);
      assertThat(one.body()).isEqualTo("cde");
      for (Map.Entry<String, String> field :
          Map.of("content-range", "bytes 2-4/10", "accept-ranges", "bytes", "etag", "\"v1\"")
              .entrySet()) {
        assertThat(one.head().get(field.getKey())).hasToString(field.getValue());
      }
      assertThat(seen.next().value("if-range")).isEqualTo("\"v1\"");

      Http2Wire.Exchange parts = client.ask("GET", "/f", true, "range", "bytes=0-1,8-9");
      assertThat(parts.body()).isEqualTo(PARTS);

      Http2Wire.Exchange none = client.ask("GET", "/f", true, "range", "bytes=90-");
      assertThat(none.status()).isEqualTo(416);
      assertThat(none.head().get("content-range")).hasToString("bytes */10");
    }
  }
}
