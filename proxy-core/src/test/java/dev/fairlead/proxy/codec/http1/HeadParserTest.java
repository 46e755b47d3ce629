package dev.fairlead.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {

  private static final int MAX_LINE = 200;
  private static final int MAX_HEAD = 2000;
  private static final int MAX_FIELDS = 256;

  /** What was read: start line, fields as {@code name=value}, and the bytes that were left. */
  private record Read(String line, List<String> fields, String rest) {}

  @Test
  void readsStartLineAndFields() throws Exception {
    Read read = read("GET /a?b HTTP/1.1\r\nHost: a.test\r\nEmpty:\r\nX:\t a b \t\r\n\r\nbody");

    assertThat(read.line).isEqualTo("GET /a?b HTTP/1.1");
    assertThat(read.fields).containsExactly("Host=a.test", "Empty=", "X=a b");
    assertThat(read.rest).isEqualTo("body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\nGET",
        "POST /x HTTP/1.1\r\nHost:a\r\nContent-Length:  5  \r\nx: \u00e9\u00ff\r\n\r\nhello",
        "GET / HTTP/1.0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\nxyz"
      })
  void everyCutGivesTheSame(String text) throws Exception {
    Read whole = read(text);
    for (int first = 0; first <= text.length(); first++) {
      for (int second = first; second <= text.length(); second++) {
        assertThat(
                read(
                    text.substring(0, first),
                    text.substring(first, second),
                    text.substring(second)))
            .isEqualTo(whole);
      }
    }
    assertThat(read(text.split(""))).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\n\r\n",
        "GET / HTTP/1.1\r\r\n\r\n",
        "GET /\u0000 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\u007f\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\nHo st: a\r\n\r\n",
        "GET / HTTP/1.1\r\nH\u00f6st: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\rX",
        "\u0016\u0003\u0001\u0002\u0000"
      })
  void refusesWhatCouldBeReadInTwoWaysHoweverItIsCut(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            MalformedMessageException.class,
            malformed -> assertThat(malformed.failure()).isEqualTo(Failure.BAD_REQUEST));
    assertThatThrownBy(() -> read(text.split(""))).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void eachLimitHasItsFailure() {
    assertFailure(Failure.URI_TOO_LONG, "GET /" + "x".repeat(MAX_LINE));
    assertFailure(Failure.URI_TOO_LONG, "GET /" + "x".repeat(MAX_LINE) + " HTTP/1.1\r\n\r\n");
    assertFailure(
        Failure.HEADERS_TOO_LARGE, "GET / HTTP/1.1\r\nX: " + "x".repeat(MAX_HEAD) + "\r\n\r\n");
    assertFailure(Failure.HEADERS_TOO_LARGE, "GET / HTTP/1.1\r\n" + "a:\r\n".repeat(257) + "\r\n");
  }

  @Test
  void aLineThatIsLongerThanAllOfTheHeadMayBeIsTooLongToo() {
    HeadParser parser =
        HeadParser.ofHeads(MAX_LINE, 100, MAX_FIELDS, TestLimits.anyHeads().share());
    ByteBuf in = bytes("GET /" + "x".repeat(MAX_LINE) + " HTTP/1.1\r\n\r\n");
    assertThatThrownBy(() -> parser.read(in))
        .isInstanceOfSatisfying(
            MalformedMessageException.class,
            malformed -> assertThat(malformed.failure()).isEqualTo(Failure.URI_TOO_LONG));
    in.release();
  }

  @Test
  void aLineOfExactlyTheLimitIsReadWhereverItIsCut() throws Exception {
    String end = " HTTP/1.1\r\nHost: a.test\r\n\r\n";
    String line = "GET /" + "x".repeat(MAX_LINE - "GET / HTTP/1.1".length());
    Read whole = read(line + end);
    assertThat(whole.line).hasSize(MAX_LINE);

    for (int cut = 0; cut <= (line + end).length(); cut++) {
      assertThat(read((line + end).substring(0, cut), (line + end).substring(cut)))
          .as("cut at %d", cut)
          .isEqualTo(whole);
    }
    assertFailure(Failure.URI_TOO_LONG, line + "x" + end);
  }

  @Test
  void isReusableAfterAReset() throws Exception {
    HeadParser parser =
        HeadParser.ofHeads(MAX_LINE, MAX_HEAD, MAX_FIELDS, TestLimits.anyHeads().share());
    ByteBuf in = bytes("GET /1 HTTP/1.1\r\nA: 1\r\n\r\nGET /2 HTTP/1.1\r\nB: 2\r\n\r\n");
    assertThat(parser.isEmpty()).isTrue();
    assertThat(parser.read(in)).isTrue();
    Headers first = parser.headers();
    parser.reset();
    assertThat(parser.isEmpty()).isTrue();
    assertThat(parser.read(in)).isTrue();

    assertThat(fields(first)).containsExactly("A=1");
    assertThat(fields(parser.headers())).containsExactly("B=2");
    in.release();
  }

  @Test
  void trailersAreFieldsAlone() throws Exception {
    HeadParser parser = HeadParser.ofTrailers(MAX_HEAD, TestLimits.anyHeads().share());
    ByteBuf in = bytes("A: 1\r\n\r\nrest");
    assertThat(parser.read(in)).isTrue();
    assertThat(fields(parser.headers())).containsExactly("A=1");
    assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("rest");
    in.release();
  }

  /** Where Netty's strict decoder and this one both accept, they read the same. */
  @Test
  void agreesWithNettyOnMutatedHeads() {
    Random random = new Random(11);
    String[] seeds = {
      "GET /a/b?c=d HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nX-Y:  z  \r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nCookie: a=b; c\r\n\r\n",
      "OPTIONS * HTTP/1.0\r\nhost:a\r\n\r\n"
    };
    String alphabet = "\r\n \t:;/aAz09\u0000\u007f\u00e9,=_-";
    int bothAccepted = 0;
    for (int round = 0; round < 30_000; round++) {
      StringBuilder mutated = new StringBuilder(seeds[random.nextInt(seeds.length)]);
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = random.nextInt(mutated.length());
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> mutated.setCharAt(at, c);
          case 1 -> mutated.insert(at, c);
          default -> mutated.deleteCharAt(at);
        }
      }
      Optional<List<String>> ours = ours(mutated.toString());
      Optional<List<String>> netty = netty(mutated.toString());
      if (ours.isPresent() && netty.isPresent()) {
        bothAccepted++;
        assertThat(ours.get()).as(mutated.toString()).isEqualTo(netty.get());
      }
      if (ours.isPresent()) {
        assertThat(netty).as("stricter is right: " + mutated).isPresent();
      }
    }
    assertThat(bothAccepted).isGreaterThan(1000);
  }

  private static Optional<List<String>> ours(String text) {
    HeadParser parser =
        HeadParser.ofHeads(MAX_LINE, MAX_HEAD, MAX_FIELDS, TestLimits.anyHeads().share());
    ByteBuf in = bytes(text);
    try {
      if (!parser.read(in)) {
        return Optional.empty();
      }
      List<String> result = new ArrayList<>();
      RequestLine line =
          RequestLine.parse(
              parser.block(), parser.startLineStart(), parser.startLineEnd(), MAX_LINE);
      result.add(line.method() + ' ' + line.target());
      Headers headers = parser.headers();
      Framing.ofRequest(line.version(), headers, TestLimits.anyHeads().share());
      result.addAll(fields(headers));
      return Optional.of(result);
    } catch (MalformedMessageException malformed) {
      return Optional.empty();
    } finally {
      in.release();
    }
  }

  private static Optional<List<String>> netty(String text) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_LINE)
                    .setMaxHeaderSize(MAX_HEAD)
                    .setStrictLineParsing(true)));
    try {
      channel.writeInbound(bytes(text));
      Object message = channel.readInbound();
      if (!(message instanceof HttpRequest request) || request.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        return Optional.empty();
      }
      List<String> result = new ArrayList<>();
      result.add(request.method().name() + ' ' + request.uri());
      request.headers().forEach(field -> result.add(field.getKey() + '=' + field.getValue()));
      return Optional.of(result);
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static void assertFailure(Failure failure, String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            MalformedMessageException.class,
            malformed -> assertThat(malformed.failure()).isEqualTo(failure));
  }

  private static Read read(String... pieces) throws MalformedMessageException {
    HeadParser parser =
        HeadParser.ofHeads(MAX_LINE, MAX_HEAD, MAX_FIELDS, TestLimits.anyHeads().share());
    StringBuilder rest = new StringBuilder();
    for (String piece : pieces) {
      ByteBuf in = bytes(piece);
      try {
        parser.read(in);
        rest.append(in.toString(StandardCharsets.ISO_8859_1));
      } finally {
        in.release();
      }
    }
    String line =
        new String(
            parser.block(),
            parser.startLineStart(),
            parser.startLineEnd() - parser.startLineStart(),
            StandardCharsets.ISO_8859_1);
    return new Read(line, fields(parser.headers()), rest.toString());
  }

  private static List<String> fields(Headers headers) {
    List<String> fields = new ArrayList<>();
    headers.forEach((name, value) -> fields.add(name + '=' + value));
    return fields;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
