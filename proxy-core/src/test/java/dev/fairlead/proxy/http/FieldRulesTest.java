package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which header fields cross the proxy, and which are its own. */
class FieldRulesTest {

  private static final ClientInfo CLIENT = new ClientInfo("192.0.2.7", true, "a.test");
  private static final Identification IDENTIFICATION =
      new Identification(
          TrustSettings.NOBODY,
          new ForwardedSettings(
              ForwardedSettings.Header.X_FORWARDED, ForwardedSettings.NewTrace.OFF));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "x-forwarded-for",
        "X_Forwarded_For",
        "X-Forwarded_For",
        "x_FORWARDED-for",
        "X-Forwarded-Proto",
        "X_Forwarded_Proto",
        "X-Forwarded-Host",
        "X_FORWARDED_HOST",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Server",
        "X-Forwarded-Ssl",
        "X-Forwarded-Scheme",
        "X-Forwarded-Protocol",
        "X-Forwarded",
        "Forwarded",
        "X-Real-IP",
        "X_Real_Ip",
        "X-Request-Id",
        "x_request_id",
        "X-Request_ID",
        "Proxy",
        "X.Forwarded.For",
        "X!Forwarded~For",
        "X-Real`IP",
        "Content_Length",
        "CONTENT.LENGTH",
        "Transfer_Encoding",
        "transfer*encoding",
        "Keep_Alive",
        "Content_Type",
        "Proxy_Connection"
      })
  void noAppSeesWhatTheClientSaysInTheProxysNameNorWhatItCouldTakeForAnotherName(String name) {
    Headers headers = toUpstream(null, "Accept", "x", name, "127.0.0.1", name, "evil");

    assertThat(lines(headers)).noneMatch(line -> line.contains("127.0.0.1"));
    assertThat(lines(headers)).noneMatch(line -> line.contains("evil"));
    assertThat(headers.get("Accept")).isEqualTo("x");
  }

  @Test
  void theAppIsToldWhoAsksForWhat() {
    Headers headers = toUpstream(null, "X-Forwarded-For", "1.2.3.4");

    assertThat(lines(headers))
        .contains(
            "Host: a.test:8443",
            "X-Forwarded-For: 192.0.2.7",
            "X-Real-IP: 192.0.2.7",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: a.test:8443",
            "X-Forwarded-Port: 8443");
    assertThat(headers.count("x-forwarded-for")).isEqualTo(1);
  }

  @Test
  void aClientCannotMakeTheProxyRemoveItsOwnFields() {
    Headers headers =
        toUpstream(
            null,
            "Connection",
            "close, X-Forwarded-For, x-forwarded-proto , Host",
            "Connection",
            "X-Forwarded-Host, Content-Length, X-Request-Id");

    assertThat(headers.get("X-Forwarded-For")).isEqualTo("192.0.2.7");
    assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("https");
    assertThat(headers.get("X-Forwarded-Host")).isEqualTo("a.test:8443");
    assertThat(headers.get("Host")).isEqualTo("a.test:8443");
    assertThat(headers.get("X-Request-Id")).isNotNull();
  }

  @Test
  void aClientCannotTakeARequestOutOfItsTrace() {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Headers headers =
        toUpstream(
            null,
            "Connection",
            "traceparent, TraceState",
            "traceparent",
            parent,
            "tracestate",
            "a=1");

    assertThat(headers.get("traceparent")).isEqualTo(parent);
    assertThat(headers.get("tracestate")).isEqualTo("a=1");
  }

  @Test
  void aClientCannotMakeTheProxyRemoveWhatAuthenticatesIt() {
    Headers headers =
        toUpstream(
            null, "Connection", "Authorization, Cookie", "Authorization", "x", "Cookie", "y");

    assertThat(headers.get("Authorization")).isEqualTo("x");
    assertThat(headers.get("Cookie")).isEqualTo("y");
  }

  @Test
  void fieldsOfOneConnectionStayOnIt() {
    Headers headers =
        toUpstream(
            null,
            "Connection",
            "keep-alive, X-Hop",
            "Keep-Alive",
            "timeout=5",
            "Proxy-Connection",
            "keep-alive",
            "TE",
            "gzip",
            "Transfer-Encoding",
            "chunked",
            "Upgrade",
            "h2c",
            "HTTP2-Settings",
            "x",
            "X-Hop",
            "x",
            "X-End",
            "x");

    headers.remove("X-Request-Id"); // another each time
    assertThat(lines(headers))
        .containsExactlyInAnyOrder(
            "X-End: x",
            "Host: a.test:8443",
            "X-Forwarded-For: 192.0.2.7",
            "X-Real-IP: 192.0.2.7",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: a.test:8443",
            "X-Forwarded-Port: 8443");
  }

  @Test
  void onlyTheTokenTrailersOfTeIsPassedOn() {
    Headers headers = toUpstream(null, "TE", "gzip, trailers");
    assertThat(headers.get("TE")).isEqualTo("trailers");
    assertThat(headers.get("Connection")).isEqualTo("TE");

    headers = toUpstream(null, "TE", "gzip");
    assertThat(headers.get("TE")).isNull();
    assertThat(headers.get("Connection")).isNull();
  }

  @Test
  void anUpgradeHasNoTrailers() {
    Headers headers = toUpstream("websocket", "TE", "trailers");
    assertThat(headers.get("TE")).isNull();
    assertThat(headers.get("Connection")).isEqualTo("Upgrade");
  }

  @Test
  void anUpgradeIsAskedForAnew() {
    Headers headers =
        toUpstream("websocket", "Connection", "Upgrade, X-Hop", "Upgrade", "websocket");

    assertThat(headers.get("Connection")).isEqualTo("Upgrade");
    assertThat(headers.get("Upgrade")).isEqualTo("websocket");
  }

  @Test
  void aResponseLosesWhatIsAboutItsConnection() {
    Headers headers =
        headers(
            "Connection",
            "close, X-Hop",
            "Keep-Alive",
            "x",
            "Transfer-Encoding",
            "chunked",
            "X-Hop",
            "x",
            "Set-Cookie",
            "a",
            "Set-Cookie",
            "b",
            "Content-Length",
            "1");

    FieldRules.toClient(headers);

    assertThat(lines(headers))
        .containsExactly("Set-Cookie: a", "Set-Cookie: b", "Content-Length: 1");
  }

  @Test
  void trailersSayNothingThatMustStandBeforeTheBody() {
    Headers trailers =
        headers(
            "X_Forwarded_For",
            "x",
            "Content-Length",
            "1",
            "Transfer-Encoding",
            "chunked",
            "Host",
            "x",
            "Transfer_Encoding",
            "chunked",
            "Authorization",
            "x",
            "Trailer",
            "x",
            "Grpc-Status",
            "0",
            "X-Checksum",
            "1");

    FieldRules.trailers(trailers);

    assertThat(lines(trailers)).containsExactly("Grpc-Status: 0", "X-Checksum: 1");
  }

  private static Headers toUpstream(@Nullable String upgrade, String... fields) {
    RequestHead head =
        new RequestHead(
            Version.HTTP_1_1, "GET", "a.test:8443", "a.test", "/", "", headers(fields), 0, upgrade);
    Identity identity = IDENTIFICATION.of(head.headers(), CLIENT);
    return FieldRules.toUpstream(head, identity, "/").headers();
  }

  private static Headers headers(String... fields) {
    Headers headers = new Headers();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return headers;
  }

  private static List<String> lines(Headers headers) {
    List<String> lines = new ArrayList<>();
    headers.forEach((name, value) -> lines.add(name + ": " + value));
    return lines;
  }
}
