package dev.fairlead.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LookupTroubleTest {

  @Test
  void saysOneLineAMinuteHoweverOftenVisitorsAsk() {
    long[] now = {Long.MAX_VALUE - 1}; // the clock may have any origin
    LookupTrouble trouble = new LookupTrouble(() -> now[0]);
    int lines = 0;
    for (int second = 0; second < 150; second++) {
      lines += trouble.tell("no answer") ? 1 : 0;
      now[0] += 1_000_000_000L;
    }
    assertThat(lines).isEqualTo(3);
  }
}
