package dev.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule that a request must keep, whatever its protocol version. */
class RequestRulesTest {

  private static final ClientInfo PLAIN = new ClientInfo("10.0.0.9", false, null);

  @Test
  void oneHostIsEnough() throws Exception {
    RequestHead head = check(http1("GET", "/a?b=c", "Host", "Shop.Test:8443"));

    assertThat(head.host()).isEqualTo("shop.test");
    assertThat(head.authority()).isEqualTo("shop.test:8443");
    assertThat(head.path()).isEqualTo("/a");
    assertThat(head.query()).isEqualTo("?b=c");
    assertThat(head.hasBody()).isFalse();
  }

  @Test
  void noHostIsRefused() {
    assertRefused(() -> check(http1("GET", "/")));
  }

  @Test
  void twoHostsAreRefusedEvenWhenTheyAgree() {
    assertRefused(() -> check(http1("GET", "/", "Host", "a.test", "host", "a.test")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a.test,b.test",
        "user@a.test",
        "a.test/",
        "a.test:",
        "a.test:x",
        "a.test:123456",
        "a.test:65536",
        "a.test:080",
        "a.test:0",
        "[::1]:99999",
        ".",
        "a.test..",
        "a..test",
        ".a.test",
        "a.test:80:80",
        "a.test#",
        "[::1",
        "[]",
        "[::g]",
        "[::1]x",
        "[01]",
        "[....]",
        "[1.2.3.4]",
        "2001:db8::1",
        "[2001:db8::1]443",
        "[2001:0db8::1].",
        "[2001:0db8::1]:0",
        "[::1%eth0]",
        "[1:2:3]",
        ":80",
        "ä.test"
      })
  void aHostThatIsNoneIsRefused(String host) {
    assertRefused(() -> check(http1("GET", "/", "Host", host)));
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, a.test",
    "A.TEST., a.test",
    "a.test.:80, a.test",
    "10.0.0.1:80, 10.0.0.1",
    "'[FD00::1]:80', '[fd00::1]'",
    "'[2001:0db8:0:0:0:0:0:1]', '[2001:db8::1]'",
    "'[2001:db8::0:1]:443', '[2001:db8::1]'",
    "'[::ffff:10.0.0.1]', '[::ffff:10.0.0.1]'",
    "a.test:65535, a.test",
    "under_score.test, under_score.test"
  })
  void aHostIsComparedInOneForm(String sent, String host) throws Exception {
    assertThat(check(http1("GET", "/", "Host", sent)).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({
    "A.Test, a.test",
    "a.test., a.test",
    "a.test.:80, a.test:80",
    "a.test:65535, a.test:65535",
    "[FD00::1]:80, [fd00::1]:80",
    "[2001:0DB8:0::1]:80, [2001:db8::1]:80",
    "[::ffff:10.0.0.1]:80, [::ffff:10.0.0.1]:80"
  })
  void anAppGetsTheHostThatWasMatched(String sent, String authority) throws Exception {
    assertThat(check(http1("GET", "/", "Host", sent)).authority()).isEqualTo(authority);
  }

  @Test
  void anAbsoluteFormWinsAndHostMustAgree() throws Exception {
    RequestHead head = check(http1("GET", "http://A.test/x?y", "Host", "a.test"));

    assertThat(head.host()).isEqualTo("a.test");
    assertThat(head.path()).isEqualTo("/x");
    assertThat(head.query()).isEqualTo("?y");
    assertRefused(() -> check(http1("GET", "http://a.test/", "Host", "b.test")));
    assertRefused(() -> check(http1("GET", "http://a.test:80/", "Host", "a.test:81")));
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.test, /, ''",
    "https://a.test?q, /, ?q",
    "HTTP://a.test/p, /p, ''",
    "/p?a?b, /p, ?a?b"
  })
  void aTargetIsTakenApart(String target, String path, String query) throws Exception {
    RequestHead head = check(http1("GET", target, "Host", "a.test"));

    assertThat(head.path()).isEqualTo(path);
    assertThat(head.query()).isEqualTo(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "a.test:443",
        "x",
        "ftp://a.test/",
        "http:///x",
        "http://user:pass@a.test/",
        "/a b",
        "/a\tb",
        "/a\rb",
        "/a\nb",
        "/a#b",
        "/a\u0000",
        "/ä",
        "/\u007f"
      })
  void aTargetThatIsNoneIsRefused(String target) {
    assertRefused(() -> check(http1("GET", target, "Host", "a.test")));
  }

  @Test
  void anAsteriskIsForOptionsOnly() throws Exception {
    assertThat(check(http1("OPTIONS", "*", "Host", "a.test")).path()).isEqualTo("*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GE T", "GET\r\n", "G(T", "ÄT", "{}"})
  void aMethodThatIsNoTokenIsRefused(String method) {
    assertRefused(() -> check(http1(method, "/", "Host", "a.test")));
  }

  @Test
  void connectIsNotForThisProxy() {
    assertFailure(
        () -> check(http1("CONNECT", "a.test:443", "Host", "a.test:443")), Failure.NOT_IMPLEMENTED);
  }

  @Test
  void methodsKeepTheirCase() throws Exception {
    assertThat(check(http1("get", "/", "Host", "a.test")).method()).isEqualTo("get");
  }

  static Stream<Arguments> framingThatIsRefused() {
    return Stream.of(
        arguments("both", new String[] {"Content-Length", "5", "Transfer-Encoding", "chunked"}),
        arguments("length twice", new String[] {"Content-Length", "5", "Content-Length", "5"}),
        arguments("lengths in one field", new String[] {"Content-Length", "5, 5"}),
        arguments("length with a sign", new String[] {"Content-Length", "+5"}),
        arguments("negative length", new String[] {"Content-Length", "-1"}),
        arguments("length in hex", new String[] {"Content-Length", "0x5"}),
        arguments("length with a space", new String[] {"Content-Length", "5 "}),
        arguments("no length", new String[] {"Content-Length", ""}),
        arguments("enormous length", new String[] {"Content-Length", "9".repeat(19)}),
        arguments(
            "coding twice",
            new String[] {"Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"}),
        arguments("two codings", new String[] {"Transfer-Encoding", "gzip, chunked"}),
        arguments("chunked twice", new String[] {"Transfer-Encoding", "chunked, chunked"}),
        arguments("other coding", new String[] {"Transfer-Encoding", "identity"}),
        arguments("strange coding", new String[] {"Transfer-Encoding", "xchunked"}),
        arguments("coding with parameter", new String[] {"Transfer-Encoding", "chunked;q=1"}),
        arguments("no coding", new String[] {"Transfer-Encoding", ""}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framingThatIsRefused")
  void aBodyWhoseEndCouldBeReadInTwoWaysIsRefused(String name, String[] fields) {
    Headers headers = headers(fields).add("Host", "a.test");

    assertRefused(() -> check(new RawRequest(Version.HTTP_1_1, "POST", "/", null, headers, true)));
  }

  @Test
  void aChunkedBodyIsForHttp11Only() throws Exception {
    Headers headers = headers("Host", "a.test", "Transfer-Encoding", "Chunked");

    assertThat(
            check(new RawRequest(Version.HTTP_1_1, "POST", "/", null, headers, true))
                .contentLength())
        .isEqualTo(RequestHead.CHUNKED);
    assertRefused(() -> check(new RawRequest(Version.HTTP_1_0, "POST", "/", null, headers, true)));
    assertRefused(() -> check(new RawRequest(Version.HTTP_2, "POST", "/", null, headers, true)));
  }

  @Test
  void aLengthIsKept() throws Exception {
    Headers headers = headers("Host", "a.test", "Content-Length", "007");

    assertThat(
            check(new RawRequest(Version.HTTP_1_1, "PUT", "/", null, headers, true))
                .contentLength())
        .isEqualTo(7);
  }

  @Test
  void aLengthWithoutABodyIsRefused() {
    Headers headers = headers("content-length", "7");

    assertRefused(
        () -> check(new RawRequest(Version.HTTP_2, "PUT", "/", "a.test", headers, false)));
  }

  @Test
  void aBodyOfHttp2NeedsNoLength() throws Exception {
    RawRequest raw = new RawRequest(Version.HTTP_2, "PUT", "/", "a.test", headers(), true);

    assertThat(check(raw).contentLength()).isEqualTo(RequestHead.CHUNKED);
  }

  @Test
  void theAuthorityOfHttp2AndHostMustAgree() throws Exception {
    assertThat(check(http2("/", "a.test")).host()).isEqualTo("a.test");
    assertThat(check(http2("/", null, "host", "a.test")).host()).isEqualTo("a.test");
    assertRefused(() -> check(http2("/", "a.test", "host", "b.test")));
    assertRefused(() -> check(http2("/", "")));
    assertRefused(() -> check(http2("/", null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "http://a.test/", "/ HTTP/1.1\r\nX: y", "/a b"})
  void thePathOfHttp2IsAPath(String path) {
    assertRefused(() -> check(http2(path, "a.test")));
  }

  @Test
  void theHostMustBeTheOneThatTheConnectionWasMadeFor() throws Exception {
    ClientInfo forA = new ClientInfo("10.0.0.9", true, "a.test");

    assertThat(RequestRules.check(http1("GET", "/", "Host", "A.test:443"), forA).host())
        .isEqualTo("a.test");
    assertFailure(
        () -> RequestRules.check(http1("GET", "/", "Host", "b.test"), forA), Failure.MISDIRECTED);
  }

  @Test
  void whoNamedNoHostInTlsMayAskForAny() throws Exception {
    ClientInfo unnamed = new ClientInfo("10.0.0.9", true, null);

    assertThat(RequestRules.check(http1("GET", "/", "Host", "b.test"), unnamed).host())
        .isEqualTo("b.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "WebSocket", "tcp", "SPDY/3.1", "h2cx", "https-like"})
  void anUpgradeIsPassedOn(String protocol) throws Exception {
    assertThat(upgrade("keep-alive, Upgrade", protocol)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "H2C", "HTTP/2.0", "http", "TLS/1.2", "websocket, h2c", "", "a b"})
  void anUpgradeToWhatWouldPassNoRuleIsIgnored(String protocol) throws Exception {
    assertThat(upgrade("Upgrade", protocol)).isNull();
  }

  @Test
  void anUpgradeMustBeNamedByConnection() throws Exception {
    assertThat(upgrade("keep-alive", "websocket")).isNull();
  }

  @Test
  void anUpgradeOfARequestWithABodyIsIgnored() throws Exception {
    Headers headers =
        headers("Host", "a.test", "Connection", "upgrade", "Upgrade", "x", "Content-Length", "1");

    assertThat(check(new RawRequest(Version.HTTP_1_1, "POST", "/", null, headers, true)).upgrade())
        .isNull();
  }

  private static @Nullable String upgrade(String connection, String protocol) throws Exception {
    return check(http1("GET", "/", "Host", "a.test", "Connection", connection, "Upgrade", protocol))
        .upgrade();
  }

  private static RequestHead check(RawRequest raw) throws RejectedRequest {
    return RequestRules.check(raw, PLAIN);
  }

  private static RawRequest http1(String method, String target, String... fields) {
    return new RawRequest(Version.HTTP_1_1, method, target, null, headers(fields), false);
  }

  private static RawRequest http2(String path, @Nullable String authority, String... fields) {
    return new RawRequest(Version.HTTP_2, "GET", path, authority, headers(fields), false);
  }

  private static Headers headers(String... fields) {
    Headers headers = new Headers();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return headers;
  }

  private static void assertRefused(ThrowingCallable check) {
    assertFailure(check, Failure.BAD_REQUEST);
  }

  private static void assertFailure(ThrowingCallable check, Failure failure) {
    assertThatThrownBy(check)
        .isInstanceOfSatisfying(
            RejectedRequest.class, rejected -> assertThat(rejected.failure()).isEqualTo(failure));
  }
}
