package dev.fairlead.acme.issue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTest {

  @Test
  void whatACaSaysIsOneLineThatMovesNoCursor() {
    assertThat(Plain.clean(" too\r\nmany\u0000 \u001b[2Korders ")).isEqualTo("too many [2Korders");
    // line and paragraph separators, "next line", the C1 escape, and what turns text round
    assertThat(Plain.clean("a\u2028b\u2029c\u0085d\u009b2Ke\u202egnp\u2066f"))
        .isEqualTo("a b c d 2Ke gnp f");
    assertThat(Plain.clean("straße 日本 — “ok”")).isEqualTo("straße 日本 — “ok”");
  }

  @Test
  void whatIsLongIsCut() {
    assertThat(Plain.clean("x".repeat(5_000))).hasSize(301).endsWith("x…");
  }
}
