package dev.fairlead.conformance.smuggling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.smuggling.Row.Expected;
import dev.fairlead.proxy.forward.AccessLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is noticed of what an origin saw. */
class JudgeTest {

  private static final String OURS =
      "\tX-Forwarded-For: 127.0.0.1\tX-Real-IP: 127.0.0.1\tX-Forwarded-Host: app.test";

  private static final List<Row> ROWS =
      Corpus.parse(
          "a.txt",
          """
          == one
          answers: 200
          sees: POST /ROW/outer?x
          body: hello
          has: X: y
          lacks: Z
          because: it is in order
          > x

          == two
          answers: closed
          sees: maybe POST /ROW/outer
          because: it is on its way
          > x
          """);

  private static final SeenRequest OUTER = seen("POST /100/outer?x HTTP/1.1", "hello", "\tX: y");
  private static final SeenRequest NEXT = seen("GET /100/next HTTP/1.1", "-", "");
  private static final AccessLog.Entry OUTER_LOG = forwarded("POST", "/100/outer", 200);
  private static final AccessLog.Entry NEXT_LOG = forwarded("GET", "/100/next", 200);

  @Test
  void whatWasForwardedAndExpectedIsInOrder() {
    assertThat(problems(List.of(OUTER, NEXT), OUTER_LOG, NEXT_LOG)).isEmpty();
  }

  @Test
  void aRequestThatTheProxyDidNotForwardIsNoticed() {
    assertThat(
            problems(
                List.of(OUTER, seen("GET /100/more HTTP/1.1", "-", ""), NEXT), OUTER_LOG, NEXT_LOG))
        .anyMatch(problem -> problem.startsWith("the origin saw [POST /100/outer?x, GET /100/more"))
        .anyMatch(problem -> problem.startsWith("the proxy forwarded ["));
  }

  @Test
  void aSmuggledRequestIsNoticedEvenWhereTheProxyForwardedIt() {
    assertThat(
            problems(
                List.of(OUTER, NEXT, seen("GET /100/smuggled HTTP/1.1", "-", "")),
                OUTER_LOG,
                NEXT_LOG,
                forwarded("GET", "/100/smuggled", 200)))
        .contains("smuggled: GET /100/smuggled HTTP/1.1");
  }

  @Test
  void bytesThatAreNoRequestAreNoticed() {
    SeenRequest garbage = SeenRequest.parse("0\t400\t\\x16hello\t-\t-");

    assertThat(problems(List.of(OUTER, NEXT, garbage), OUTER_LOG, NEXT_LOG)).isNotEmpty();
  }

  @Test
  void anotherOrderIsNoticed() {
    assertThat(problems(List.of(NEXT, OUTER), OUTER_LOG, NEXT_LOG)).isNotEmpty();
    assertThat(problems(List.of(OUTER, NEXT), NEXT_LOG, OUTER_LOG)).isNotEmpty();
  }

  @Test
  void aMissingRequestIsNoticed() {
    assertThat(problems(List.of(OUTER), OUTER_LOG, NEXT_LOG)).isNotEmpty();
    assertThat(problems(List.of(OUTER, NEXT), OUTER_LOG)).isNotEmpty();
  }

  @Test
  void anotherBodyOrHostIsNoticed() {
    assertThat(
            problems(
                List.of(seen("POST /100/outer?x HTTP/1.1", "hell", "\tX: y"), NEXT),
                OUTER_LOG,
                NEXT_LOG))
        .containsExactly("body of POST /100/outer?x: hell (expected: hello)");
    assertThat(
            problems(
                List.of(
                    SeenRequest.parse(
                        "0\t200\tPOST /100/outer?x HTTP/1.1\tb.test\thello" + OURS + "\tX: y"),
                    NEXT),
                OUTER_LOG,
                NEXT_LOG))
        .contains("Host: b.test (expected: app.test)");
  }

  @Test
  void aRequestThatWasCutMayBeSeenOnce() {
    SeenRequest cut = SeenRequest.parse("0\t0\tPOST /101/outer HTTP/1.1\tapp.test\t-" + OURS);
    AccessLog.Entry cutLog = forwarded("POST", "/101/outer", 0);

    assertThat(problems(List.of(OUTER, NEXT, cut), OUTER_LOG, NEXT_LOG, cutLog)).isEmpty();
    assertThat(problems(List.of(OUTER, NEXT), OUTER_LOG, NEXT_LOG, cutLog)).isEmpty();
    assertThat(problems(List.of(OUTER, NEXT, cut, cut), OUTER_LOG, NEXT_LOG, cutLog)).isNotEmpty();
    assertThat(problems(List.of(OUTER, NEXT, cut), OUTER_LOG, NEXT_LOG)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\tZ: 1",
        "\tX-Forwarded-For: 10.0.0.1",
        "\tX_Forwarded_For: 10.0.0.1",
        "\tx-forwarded-server: x",
        "\tForwarded: for=10.0.0.1",
        "\tContent_Length: 5",
        "\tContent.Length: 5",
        "\tContent-Length: 5\tTransfer-Encoding: chunked",
        "\tContent-Length: 5\tcontent-length: 5",
        "\tTransfer-Encoding: gzip",
        "\tConnection: close",
        "\tTE: gzip",
        "\tTE: trailers",
        "\tTE: gzip\tConnection: TE",
        "\tUpgrade: h2c\tConnection: x",
        "\tHTTP2-Settings: x",
        "\tProxy: x"
      })
  void aFieldThatMayNotBeThereIsNoticed(String more) {
    SeenRequest outer = seen("POST /100/outer?x HTTP/1.1", "hello", "\tX: y" + more);

    assertThat(problems(List.of(outer, NEXT), OUTER_LOG, NEXT_LOG)).isNotEmpty();
  }

  @Test
  void aFieldThatMustBeThereIsMissed() {
    assertThat(
            problems(
                List.of(seen("POST /100/outer?x HTTP/1.1", "hello", ""), NEXT),
                OUTER_LOG,
                NEXT_LOG))
        .anyMatch(problem -> problem.startsWith("no X: y at the app"));
  }

  private static List<String> problems(List<SeenRequest> seen, AccessLog.Entry... log) {
    Expected next = new Expected(false, "GET /100/next", "app.test", null);
    return new Judge(OriginKind.NODE, ROWS, Map.of(100, List.of(next)))
        .problems(seen, List.of(log)).values().stream().flatMap(List::stream).toList();
  }

  private static SeenRequest seen(String line, String body, String more) {
    return SeenRequest.parse("0\t200\t" + line + "\tapp.test\t" + body + OURS + more);
  }

  private static AccessLog.Entry forwarded(String method, String path, int status) {
    return new AccessLog.Entry(
        "127.0.0.1",
        false,
        method,
        "app.test",
        path,
        status,
        0,
        0,
        Duration.ZERO,
        "app",
        "127.0.0.1:1",
        1,
        null,
        "id",
        null);
  }
}
