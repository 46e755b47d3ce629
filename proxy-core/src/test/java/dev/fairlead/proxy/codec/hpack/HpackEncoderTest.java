package dev.fairlead.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HpackEncoderTest {

  @ParameterizedTest
  @CsvSource({
    "200, 88",
    "204, 89",
    "206, 8a",
    "304, 8b",
    "400, 8c",
    "404, 8d",
    "500, 8e",
    "100, 0803313030",
    "302, 0803333032",
    "999, 0803393939"
  })
  void writesAStatus(int status, String expected) {
    ByteBuf out = Unpooled.buffer();
    HpackEncoder.status(status, out);

    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // The name is in the table: by its number, in whatever case it was spelled.
    "age, 1, 0f060131",
    "AGE, 1, 0f060131",
    "Content-Type, a/b, 0f1003612f62",
    "accept-encoding, b, 0f010162",
    // It is not: as text, in lower case.
    "X-A, 1, 0003782d610131",
    "x_A~, 1, 0004785f617e0131",
    // Nobody on the way may put it into a table (RFC 7541 §7.1.3).
    "Set-Cookie, a=b, 1f2803613d62",
    "Authorization, x, 1f080178",
    "Cookie, a=b, 1f1103613d62",
    "Proxy-Authorization, x, 1f220178"
  })
  void writesAField(String name, String value, String expected) {
    assertThat(encoded(new Headers().add(name, value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 126, 127, 128, 254, 255, 16_510, 16_511, 3_000_000})
  void whatItWritesIsReadAgainWhateverItsLength(int length) throws HpackException {
    String name = "X" + "-n".repeat(length / 2);
    String value = "v".repeat(length);
    byte[] block = Blocks.hex(encoded(new Headers().add(name, value).add("b", "c")));

    assertThat(Blocks.decode(new HpackDecoder(0), block))
        .containsExactly(name.toLowerCase(Locale.ROOT) + ": " + value, "b: c");
  }

  @Test
  void knowsTheNumberOfEveryNameInTheTable() {
    for (int number = 1; number <= StaticTable.SIZE; number++) {
      byte[] name = StaticTable.get(number).name;
      int found = StaticTable.find(name, 0, name.length);

      assertThat(found).isBetween(1, number);
      assertThat(StaticTable.get(found).name).isEqualTo(name);
    }
  }

  private static String encoded(Headers headers) {
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < headers.size(); i++) {
      HpackEncoder.field(headers, i, out);
    }
    assertThat(out.readableBytes()).isLessThanOrEqualTo(HpackEncoder.maxBytes(headers));
    return ByteBufUtil.hexDump(out);
  }
}
