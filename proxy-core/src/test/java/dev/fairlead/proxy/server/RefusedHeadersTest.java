package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class RefusedHeadersTest {

  @Test
  void saysOneLineAMinuteAndCountsAll() {
    long[] now = {Long.MAX_VALUE - 1}; // the clock may have any origin
    RefusedHeaders refused = new RefusedHeaders(() -> now[0]);
    int lines = 0;
    for (int second = 0; second < 150; second++) {
      lines += refused.tell(InetAddress.getLoopbackAddress(), "no header") ? 1 : 0;
      now[0] += 1_000_000_000L;
    }
    assertThat(lines).isEqualTo(3);
    assertThat(refused.count()).isEqualTo(150);
  }
}
