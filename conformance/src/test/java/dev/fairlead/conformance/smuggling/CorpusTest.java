package dev.fairlead.conformance.smuggling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fairlead.conformance.smuggling.Row.Expected;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rows are read, and what bytes are made of them. */
class CorpusTest {

  @Test
  void aRowVariesTheMessageBeforeIt() {
    List<Row> rows =
        Corpus.parse(
            "a.txt",
            """
            # a comment
            message
            answers: 400, closed
            > GET /ROW/outer HTTP/1.1
            > {line}
            >

            == one
            with: Host: app.test\\r\\nX:\\x20

            == two
            with: Y: y
            answers: 200
            answers at node: 400
            sees: GET /ROW/outer
            host: b.test
            body: a\\r\\nb
            because: it may,
            because: and so on
            """);

    Row one = rows.get(0);
    assertThat(one.place()).isEqualTo("a.txt: one");
    assertThat(one.answersAt(OriginKind.NODE)).containsExactly("400", "closed");
    assertThat(one.goesOn(OriginKind.NODE)).isFalse();
    assertThat(Http1Bytes.of(one.lines()))
        .containsExactly("GET /100/outer HTTP/1.1\r\nHost: app.test\r\nX: \r\n\r\n");
    Row two = rows.get(1);
    assertThat(two.answersAt(OriginKind.NODE)).containsExactly("400");
    assertThat(two.answersAt(OriginKind.NGINX)).containsExactly("200");
    assertThat(two.goesOn(OriginKind.NODE)).isTrue();
    assertThat(two.because()).isEqualTo("it may, and so on");
    assertThat(two.sees())
        .containsExactly(new Expected(false, "GET /101/outer", "b.test", "a\r\nb"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "== x\n> x",
        "== x\nanswers: 200\n",
        "== x\nanswers: 200\nwith: x",
        "== x\nanswers: 200\nsees: GET /\n> x",
        "== x\nanswers: 200\nbody: x\n> x",
        "== x\nanswers: 200\nunknown: x\n> x",
        "== x\nanswers: 200\nover: spdy\n> x",
        "== x\nnonsense\n> x",
        "> x"
      })
  void whatIsNoRowIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Corpus.parse("a.txt", text));
  }

  @Test
  void aLineEndsWithCrLfUnlessItSaysOtherwise() {
    assertThat(Http1Bytes.of(List.of("a", "b\\", "c\\\\", "d\\\\\\")))
        .containsExactly("a\r\nbc\\\r\nd\\");
  }

  @Test
  void everyByteCanBeWritten() {
    assertThat(Http1Bytes.of(List.of("\\0\\t\\v\\f\\r\\n\\x7f\\xff{ab*2}{\\x20*3}\\")))
        .containsExactly("\0\t\u000b\f\r\n\u007f\u00ffabab   ");
    assertThatIllegalArgumentException().isThrownBy(() -> Http1Bytes.of(List.of("ä")));
    assertThatIllegalArgumentException().isThrownBy(() -> Http1Bytes.of(List.of("\\q")));
  }

  @Test
  void theRestIsWhatStandsBehindTheHead() {
    assertThat(Http1Bytes.of(List.of("L: {rest}", "", "abc", "--", "de\\")))
        .containsExactly("L: 7\r\n\r\nabc\r\n", "de");
    assertThat(Http1Bytes.of(List.of("L: {rest+1}", "", "M: {rest-2}", "", "abc\\")))
        .containsExactly("L: 12\r\n\r\nM: 1\r\n\r\nabc");
    assertThatIllegalArgumentException().isThrownBy(() -> Http1Bytes.of(List.of("{rest}", "a")));
  }

  @Test
  void framesHoldWhatIsWrittenAsItIs() {
    List<Http2Frame> frames =
        Http2Frames.of(
            List.of(
                "HEADERS open GET /a",
                "CONTINUATION",
                "  a b = c\\r\\n",
                "  = d",
                "  e =",
                "DATA = x = y",
                "DATA end =",
                "HEADERS end",
                "  :path = /"));

    assertThat(frames)
        .extracting(Http2Frame::type)
        .containsExactly(
            Http2Frame.HEADERS,
            Http2Frame.CONTINUATION,
            Http2Frame.DATA,
            Http2Frame.DATA,
            Http2Frame.HEADERS);
    assertThat(frames).extracting(Http2Frame::flags).containsExactly(0, 4, 0, 1, 5);
    assertThat(frames).extracting(Http2Frame::stream).containsExactly(1, 1, 1, 1, 3);
    assertThat(frames.get(1).payload())
        .isEqualTo("\u0010\u0003a b\u0003c\r\n\u0010\u0000\u0001d\u0010\u0001e\u0000");
    assertThat(frames.get(2).payload()).isEqualTo("x = y");
    assertThat(frames.get(2).bytes()).hasSize(9 + 5).startsWith(0, 0, 5, 0, 0, 0, 0, 0, 1);
  }

  /** RFC 7541 §5.1: more than seven bits. */
  @Test
  void longFieldsHaveLongLengths() {
    assertThat(Http2Frame.field("x", "y".repeat(127)))
        .startsWith("\u0010\u0001x\u007f\u0000y")
        .hasSize(5 + 127);
    assertThat(Http2Frame.field("x", "y".repeat(8200))).startsWith("\u0010\u0001x\u007f\u0089?y");
  }
}
