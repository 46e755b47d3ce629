package dev.fairlead.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientCountsTest {

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void eachClientHasItsOwnLimit() {
    ClientCounts counts = new ClientCounts(2);
    assertThat(counts.add(address("192.0.2.1"))).isTrue();
    assertThat(counts.add(address("192.0.2.1"))).isTrue();
    assertThat(counts.add(address("192.0.2.1"))).isFalse();
    assertThat(counts.add(address("192.0.2.2"))).isTrue();

    counts.remove(address("192.0.2.1"));
    assertThat(counts.add(address("192.0.2.1"))).isTrue();
    assertThat(counts.add(address("192.0.2.1"))).isFalse();
  }

  @Test
  void aNetworkOf64BitsIsOneClient() {
    ClientCounts counts = new ClientCounts(2);
    assertThat(counts.add(address("2001:db8:0:1::1"))).isTrue();
    assertThat(counts.add(address("2001:db8:0:1:ffff::2"))).isTrue();
    assertThat(counts.add(address("2001:db8:0:1::3"))).isFalse();
    assertThat(counts.add(address("2001:db8:0:2::1"))).isTrue();
    assertThat(counts.clients()).isEqualTo(2);
  }

  @Test
  void whoHasNoneTakesNoMemory() {
    ClientCounts counts = new ClientCounts(10);
    for (int i = 0; i < 256; i++) {
      counts.add(address("192.0.2." + i));
    }
    assertThat(counts.clients()).isEqualTo(256);
    for (int i = 0; i < 256; i++) {
      counts.remove(address("192.0.2." + i));
    }
    assertThat(counts.clients()).isZero();
    counts.remove(address("192.0.2.1"));
    assertThat(counts.clients()).isZero();
  }

  @Test
  void manyThreadsNeverGetMoreThanTheLimit() throws InterruptedException {
    ClientCounts counts = new ClientCounts(7);
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int turn = 0; turn < 20_000; turn++) {
                      if (counts.add(address("192.0.2.1"))) {
                        most.accumulateAndGet(open.incrementAndGet(), Math::max);
                        open.decrementAndGet();
                        counts.remove(address("192.0.2.1"));
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1, 7);
    assertThat(counts.clients()).isZero();
  }
}
