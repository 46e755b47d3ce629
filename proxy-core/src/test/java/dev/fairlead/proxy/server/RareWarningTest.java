package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RareWarningTest {

  @Test
  void saysOneLineAMinuteAndCountsAll() {
    long[] now = {Long.MAX_VALUE - 1}; // the clock may have any origin
    RareWarning warning = new RareWarning(() -> now[0]);
    int lines = 0;
    for (int second = 0; second < 150; second++) {
      lines += warning.tell("something was closed") ? 1 : 0;
      now[0] += 1_000_000_000L;
    }
    assertThat(lines).isEqualTo(3);
    assertThat(warning.count()).isEqualTo(150);
  }
}
