package dev.fairlead.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadBuffersTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelConfig config = channel.config();
  private long used;
  private final MemoryGauge memory = new MemoryGauge(() -> used, 1000);
  private final ExtendedHandle reads = new ReadBuffers(memory).newHandle();

  @BeforeEach
  void readAtWill() {
    config.setAutoRead(true);
    reads.reset(config);
  }

  @AfterEach
  void giveBack() {
    channel.close();
    // What an event loop's thread does at its end.
    FastThreadLocal.removeAll();
  }

  @Test
  void aNewConnectionReadsIntoASmallBuffer() {
    assertThat(capacityOfNext()).isEqualTo(2048);
  }

  @Test
  void readsThatFillTheirBuffersGetALargeOne() {
    fillUntilLarge();

    assertThat(capacityOfNext()).isEqualTo(ReadBuffers.LARGE);
  }

  @Test
  void whileMemoryIsScarceReadsAreSmallAndSomebodyIsTold() {
    AtomicInteger told = new AtomicInteger();
    memory.onScarcity(told::incrementAndGet);
    fillUntilLarge();
    assertThat(told).hasValue(0);

    used = 751;
    assertThat(capacityOfNext()).isEqualTo(ReadBuffers.SCARCE);
    assertThat(told).hasValue(1);

    used = 750;
    assertThat(capacityOfNext()).isEqualTo(ReadBuffers.LARGE);
  }

  @Test
  void smallReadsGetASmallOneAgain() {
    fillUntilLarge();

    for (int turn = 0; turn < 40; turn++) {
      reads.reset(config);
      read(100);
      reads.readComplete();
    }

    assertThat(capacityOfNext()).isLessThan(ReadBuffers.MOST);
  }

  @Test
  void whereAllLargeOnesAreInUseAnOrdinaryOneServes() {
    fillUntilLarge();
    List<ByteBuf> held = new ArrayList<>();
    for (int i = 0; i < ReadBuffers.LARGE_COUNT; i++) {
      held.add(reads.allocate(PooledByteBufAllocator.DEFAULT));
    }

    assertThat(held).allMatch(buffer -> buffer.capacity() == ReadBuffers.LARGE);
    assertThat(capacityOfNext()).isEqualTo(ReadBuffers.MOST);
    held.forEach(ByteBuf::release);
    assertThat(capacityOfNext()).isEqualTo(ReadBuffers.LARGE);
  }

  @Test
  void aTurnEndsAfterItsBytes() {
    fillUntilLarge();
    reads.reset(config);

    read(ReadBuffers.LARGE);
    assertThat(reads.continueReading(() -> true)).isTrue();
    read(ReadBuffers.LARGE);
    assertThat(reads.continueReading(() -> true)).isFalse();
    assertThat(reads.continueReading()).isFalse();

    reads.reset(config);
    read(ReadBuffers.LARGE);
    assertThat(reads.continueReading(() -> true)).isTrue();
  }

  private void fillUntilLarge() {
    int capacity;
    do {
      reads.reset(config);
      capacity = capacityOfNext();
      read(capacity);
      reads.readComplete();
    } while (capacity < ReadBuffers.LARGE);
  }

  private int capacityOfNext() {
    ByteBuf buffer = reads.allocate(PooledByteBufAllocator.DEFAULT);
    try {
      return buffer.capacity();
    } finally {
      buffer.release();
    }
  }

  private void read(int bytes) {
    reads.attemptedBytesRead(Math.max(bytes, reads.guess()));
    reads.incMessagesRead(1);
    reads.lastBytesRead(bytes);
  }
}
