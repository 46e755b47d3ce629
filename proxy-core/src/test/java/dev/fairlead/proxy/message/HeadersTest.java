package dev.fairlead.proxy.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

  @Test
  void keepsOrderAndSpelling() {
    Headers headers = new Headers().add("B", "1").add("a", "2").add("b", "3");

    assertThat(wire(headers)).isEqualTo("B: 1\r\na: 2\r\nb: 3\r\n");
    assertThat(headers.get("b")).isEqualTo("1");
    assertThat(headers.count("B")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: 1\r\n", "a:1\r\n", "a:\t1\r\n", "a:   1\r\n", "a: 1 \t\r\n", "a:1  \r\n"})
  void writesWhatWasReadInOneSpellingOfSpaces(String line) {
    byte[] block = line.getBytes(StandardCharsets.ISO_8859_1);
    Headers headers = Headers.over(block, block.length, new int[] {0, 1, line.indexOf('1'), 1}, 1);

    assertThat(wire(headers)).isEqualTo("a: 1\r\n");
  }

  @Test
  void removesKnownNamesInOnePass() {
    Headers headers =
        new Headers()
            .add("Host", "a")
            .add("X-Forwarded-For", "1")
            .add("Content-Length", "5")
            .add("x-forwarded-for", "2");

    headers.removeAll(FieldName.OWNED);

    assertThat(wire(headers)).isEqualTo("Host: a\r\nContent-Length: 5\r\n");
    assertThat(headers.has(FieldName.X_FORWARDED_FOR)).isFalse();
    assertThat(headers.hasSeveral(FieldName.X_FORWARDED_FOR)).isFalse();
    assertThat(headers.find(FieldName.CONTENT_LENGTH)).isEqualTo(1);
  }

  @Test
  void knowsWhetherANameCameTwice() {
    Headers headers = new Headers().add("Host", "a").add("HOST", "b");

    assertThat(headers.hasSeveral(FieldName.HOST)).isTrue();
    headers.removeIf((name, value) -> value.equals("b"));
    assertThat(headers.hasSeveral(FieldName.HOST)).isFalse();
    assertThat(headers.has(FieldName.HOST)).isTrue();
  }

  @Test
  void findsATokenInAList() {
    Headers headers = new Headers().add("Connection", "a ,\tKeep-Alive,").add("connection", "b");

    assertThat(headers.hasToken(FieldName.CONNECTION, "keep-alive")).isTrue();
    assertThat(headers.hasToken(FieldName.CONNECTION, "b")).isTrue();
    assertThat(headers.hasToken(FieldName.CONNECTION, "keep")).isFalse();
    assertThat(headers.hasToken(FieldName.TE, "a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r", "é", "a\u0000", "a\u0100", "("})
  void refusesANameThatIsNoToken(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Headers().add(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\n", "a\u0000", "\u007f", "a\u0100"})
  void refusesAValueThatCouldBreakTheLine(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Headers().add("a", value));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OTHER", "LOOKALIKE"})
  void knowsEveryNameInAnyCase(FieldName name) {
    String spelled = name.name().toLowerCase(Locale.ROOT).replace('_', '-');

    assertThat(of(spelled)).isEqualTo(name);
    assertThat(of(spelled.toUpperCase(Locale.ROOT))).isEqualTo(name);
    assertThat(of(spelled + "x")).isEqualTo(FieldName.OTHER);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OTHER", "LOOKALIKE"})
  void knowsWhatAnAppCouldTakeForAName(FieldName name) {
    String spelled = name.name();

    for (char sign : "!#$%&'*+.^_`|~".toCharArray()) {
      assertThat(of(spelled.replace('_', sign)))
          .isEqualTo(spelled.contains("_") ? FieldName.LOOKALIKE : name);
    }
    assertThat(of(spelled.replaceFirst("_", "-")))
        .isEqualTo(spelled.matches(".*_.*_.*") ? FieldName.LOOKALIKE : name);
    assertThat(of(spelled.replace("_", "--")).equals(name)).isEqualTo(!spelled.contains("_"));
  }

  @Test
  void agreesWithAListOfFieldsWhateverIsDone() {
    Random random = new Random(7);
    String[] names = {"Host", "TE", "x-a", "X_Real_IP", "Cookie", "Connection"};
    for (int round = 0; round < 500; round++) {
      Headers headers = new Headers();
      List<String> model = new ArrayList<>();
      for (int step = 0; step < 40; step++) {
        String name = names[random.nextInt(names.length)];
        switch (random.nextInt(8)) {
          case 0 -> {
            headers.remove(name);
            model.removeIf(line -> line.startsWith(name + ": "));
          }
          case 1 -> {
            headers.removeAll(FieldNames.of(FieldName.TE, FieldName.COOKIE));
            model.removeIf(line -> line.startsWith("TE: ") || line.startsWith("Cookie: "));
          }
          default -> {
            String value = "v".repeat(random.nextInt(60));
            headers.add(name, value);
            model.add(name + ": " + value);
          }
        }
        assertThat(wire(headers)).isEqualTo(text(model));
        assertThat(headers.has(FieldName.TE))
            .isEqualTo(model.stream().anyMatch(line -> line.startsWith("TE: ")));
      }
    }
  }

  @Test
  void copiesFieldsAndValuesToItsEnd() {
    Headers own = Headers.sized(4).add("X-Forwarded-For", "::1").add("X-Forwarded-Proto", "https");
    Headers headers = new Headers().add("Host", "a.test");
    headers.addAll(own);
    headers.addCopy("X-Forwarded-Host".getBytes(StandardCharsets.US_ASCII), 0);
    headers.addAll(Headers.sized(0));

    assertThat(wire(headers))
        .isEqualTo(
            "Host: a.test\r\nX-Forwarded-For: ::1\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: a.test\r\n");
    assertThat(headers.get(FieldName.X_FORWARDED_PROTO)).isEqualTo("https");
    assertThat(headers.has(FieldName.X_FORWARDED_HOST)).isTrue();
    assertThat(wire(own)).hasSize("X-Forwarded-For: ::1\r\nX-Forwarded-Proto: https\r\n".length());
  }

  private static FieldName of(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    return FieldName.of(bytes, 0, bytes.length);
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n";
  }

  private static String wire(Headers headers) {
    ByteBuf out = Unpooled.buffer();
    headers.writeTo(out);
    assertThat(out.readableBytes()).isLessThanOrEqualTo(headers.maxWireBytes());
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
