package dev.fairlead.app.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

  @Test
  void whatCannotBeSeenIsOneSpace() {
    assertThat(OneLine.of(" a\r\n\tb\u0000\u007fc\u009b2Jd\u2028e\u202ef\u00a0 g\ud83d ", 100))
        .isEqualTo("a b c 2Jd e f g");
  }

  @Test
  void whatIsSeenStays() {
    assertThat(OneLine.of("größer 😀 \"a\" <b> \\", 100)).isEqualTo("größer 😀 \"a\" <b> \\");
  }

  @Test
  void aLongOneIsCutBetweenTwoCharacters() {
    assertThat(OneLine.of("😀".repeat(10), 10)).isEqualTo("😀".repeat(10));
    assertThat(OneLine.of("😀".repeat(11), 10)).isEqualTo("😀".repeat(9) + "…");
  }
}
