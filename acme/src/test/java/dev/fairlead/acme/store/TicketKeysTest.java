package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketKeysTest {

  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @Test
  void eachIsTheNextThenUsedThenAcceptedTwiceAndThenGone() {
    TicketKeys keys = TicketKeys.create();
    String next = encoded(keys).get(1);

    keys = keys.rotated();
    assertThat(encoded(keys)).hasSize(3).startsWith(next);
    keys = keys.rotated();
    assertThat(encoded(keys)).hasSize(4);
    assertThat(encoded(keys).get(2)).isEqualTo(next);
    keys = keys.rotated();
    assertThat(encoded(keys)).hasSize(4);
    assertThat(encoded(keys).get(3)).isEqualTo(next);
    keys = keys.rotated();
    assertThat(encoded(keys)).hasSize(4).doesNotContain(next).doesNotHaveDuplicates();
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    TicketKeys keys = TicketKeys.create();
    for (int i = 0; i < 4; i++) {
      assertThat(TicketKeys.parse(keys.text())).contains(keys);
      keys = keys.rotated();
    }
    assertThat(keys.text().lines().map(line -> line.replaceFirst(" .*", "")))
        .containsExactly("next", "current", "previous", "previous");
    assertThat(keys.secrets()).allSatisfy(secret -> assertThat(secret).hasSize(32));
  }

  @Test
  void theyAreNotPrinted() {
    assertThat(TicketKeys.create()).hasToString("TicketKeys[2]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "next " + KEY + "\n",
        "current " + KEY + "\nnext " + KEY + "\n",
        "next " + KEY + "\ncurrent c2hvcnQ=\n",
        "next " + KEY + "\ncurrent ***\n",
        "next " + KEY + "\ncurrent " + KEY + "\nprevious",
        "next " + KEY + "\ncurrent " + KEY + "\nprevious " + KEY + "\nprevious " + KEY + "\nmore",
      })
  void whatIsDamagedIsNoKey(String text) {
    assertThat(TicketKeys.parse(text)).isEmpty();
  }

  private static List<String> encoded(TicketKeys keys) {
    return keys.secrets().stream().map(Base64.getEncoder()::encodeToString).toList();
  }
}
