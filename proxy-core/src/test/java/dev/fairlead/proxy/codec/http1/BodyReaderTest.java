package dev.fairlead.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

  private static final HeadBudget.Share BUDGET = TestLimits.anyHeads().share();

  /** What was read: data, trailers, and the bytes that were left. */
  private record Read(String data, String trailers, String rest, boolean complete) {}

  @Test
  void aLengthEndsTheBody() throws Exception {
    assertThat(read(new LengthBody(5), "hel", "lo rest"))
        .isEqualTo(new Read("hello", "", " rest", true));
    assertThat(read(new LengthBody(5), "hell").complete).isFalse();
  }

  @Test
  void withoutAnyEndTheConnectionIsTheEnd() throws Exception {
    assertThat(read(new UntilCloseBody(), "a", "b")).isEqualTo(new Read("ab", "", "", false));
    assertThat(new UntilCloseBody().endsWithConnection()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "0005\r\nhello\r\n00\r\n\r\nGET",
        "A;x=y\r\n0123456789\r\n1 ;z\r\na\r\n2 \t \r\nbc\r\n0\r\nX-Sum: 7\r\nB:  c \r\n\r\nrest",
        "fF\r\n" + X255 + "\r\n0\r\n\r\n"
      })
  void everyCutOfChunksGivesTheSame(String text) throws Exception {
    Read whole = read(chunked(), text);
    assertThat(whole.complete).isTrue();
    for (int cut = 0; cut <= text.length(); cut++) {
      assertThat(read(chunked(), text.substring(0, cut), text.substring(cut))).isEqualTo(whole);
    }
    assertThat(read(chunked(), text.split(""))).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        " 1\r\n",
        "\uff11\r\n",
        "1\na\r\n",
        "1\r\r\na",
        "1\r\nab\r\n",
        "1\r\na\n",
        "1\r\na\rX",
        "1;\u0000\r\na\r\n",
        "1;a\nb\r\na\r\n",
        "1 2\nx",
        "1 2\r\na\r\n",
        "0 1\r\na\r\n",
        "1 x\r\na\r\n",
        "1\tx;y\r\na\r\n",
        "1  \t=\r\na\r\n",
        "1111111111111111\r\n",
        "0\r\n X: y\r\n\r\n",
        "0\r\nX\r\n\r\n",
        "0\r\n\n"
      })
  void refusesWhatIsNoChunkHoweverItIsCut(String text) {
    assertThatThrownBy(() -> read(chunked(), text)).isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(chunked(), text.split("")))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void extensionsAreLimitedForAChunkAndForABody() {
    String chunk = "1;" + "e".repeat(200) + "\r\na\r\n";

    assertThatThrownBy(() -> read(chunked(), "1;" + "e".repeat(300)))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(chunked(), "1" + " ".repeat(300)))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> read(chunked(), chunk.repeat(100)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void whatIsWrittenInChunksIsReadBack() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      StringBuilder wire = new StringBuilder();
      StringBuilder data = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        String piece = "d".repeat(1 + random.nextInt(400));
        wire.append(Integer.toHexString(piece.length()))
            .append("\r\n")
            .append(piece)
            .append("\r\n");
        data.append(piece);
      }
      wire.append("0\r\n\r\n");
      int cut = random.nextInt(wire.length());
      assertThat(read(chunked(), wire.substring(0, cut), wire.substring(cut)))
          .isEqualTo(new Read(data.toString(), "", "", true));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1, Transfer-Encoding: gzip",
    "HTTP_1_1, Transfer-Encoding: 'chunked, chunked'",
    "HTTP_1_1, Transfer-Encoding: identity",
    "HTTP_1_0, Transfer-Encoding: chunked",
    "HTTP_1_1, Transfer-Encoding: chunked|Content-Length: 3",
    "HTTP_1_1, Transfer-Encoding: chunked|Transfer-Encoding: chunked",
    "HTTP_1_1, Content-Length: 3|Content-Length: 3",
    "HTTP_1_1, 'Content-Length: 3, 3'",
    "HTTP_1_1, Content-Length: -1",
    "HTTP_1_1, Content-Length: +1",
    "HTTP_1_1, Content-Length: 0x1",
    "HTTP_1_1, Content-Length:",
    "HTTP_1_1, Content-Length: 9999999999999999999"
  })
  void refusesAnEndThatIsToldInTwoWaysOrNone(Version version, String fields) {
    Headers headers = new Headers();
    for (String field : fields.split("\\|", -1)) {
      int colon = field.indexOf(':');
      headers.add(field.substring(0, colon), field.substring(colon + 1).strip());
    }
    assertThatThrownBy(() -> Framing.ofRequest(version, headers, BUDGET))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void aResponseWithoutContentHasNoneWhateverItsFieldsSay() throws Exception {
    Headers length = new Headers().add("Content-Length", "5");

    assertThat(Framing.ofResponse(new StatusLine(304, true), false, length, BUDGET).isComplete())
        .isTrue();
    assertThat(Framing.ofResponse(new StatusLine(204, true), false, length, BUDGET).isComplete())
        .isTrue();
    assertThat(Framing.ofResponse(new StatusLine(200, true), true, length, BUDGET).isComplete())
        .isTrue();
    assertThat(Framing.ofResponse(new StatusLine(200, true), false, length, BUDGET).isComplete())
        .isFalse();
  }

  private static final String X255 =
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
          + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
          + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

  private static ChunkedBody chunked() {
    return new ChunkedBody(1000, BUDGET);
  }

  private static Read read(BodyReader body, String... pieces) throws MalformedMessageException {
    StringBuilder data = new StringBuilder();
    StringBuilder rest = new StringBuilder();
    for (String piece : pieces) {
      ByteBuf in = Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1);
      if (piece.codePoints().anyMatch(c -> c > 255)) {
        in = Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8);
      }
      try {
        for (ByteBuf read = body.read(in); read != null; read = body.read(in)) {
          data.append(read.toString(StandardCharsets.ISO_8859_1));
          read.release();
        }
        rest.append(in.toString(StandardCharsets.ISO_8859_1));
      } finally {
        in.release();
      }
    }
    StringBuilder trailers = new StringBuilder();
    Headers read = body.trailers();
    if (read != null) {
      read.forEach((name, value) -> trailers.append(name).append('=').append(value).append(';'));
    }
    return new Read(data.toString(), trailers.toString(), rest.toString(), body.isComplete());
  }
}
