package dev.fairlead.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** That the detector of leaks works, for otherwise no test would notice that it does not. */
class LeaksTest {

  @Test
  void aBufferThatNobodyReleasesIsALeak() throws Exception {
    forget();

    assertThat(Leaks.take()).singleElement().asString().contains("ByteBuf", "LeaksTest.forget");
  }

  @Test
  void aBufferThatWasReleasedIsNone() throws Exception {
    for (int i = 0; i < 100; i++) {
      PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
      UnpooledByteBufAllocator.DEFAULT.heapBuffer(16).release();
    }

    assertThat(Leaks.take()).isEmpty();
  }

  private static void forget() {
    ByteBuf forgotten = PooledByteBufAllocator.DEFAULT.directBuffer(16);
    forgotten.writeByte(1);
  }
}
