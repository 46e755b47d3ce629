package dev.fairlead.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeBuffersTest {

  private static final int SIZE = 1024;

  private final LargeBuffers buffers = new LargeBuffers(2, SIZE);

  @AfterEach
  void giveBack() {
    buffers.release();
  }

  @Test
  void thereAreNoMoreThanTheCount() {
    ByteBuf first = taken();
    ByteBuf second = taken();

    assertThat(first.capacity()).isEqualTo(SIZE);
    assertThat(second.memoryAddress()).isNotEqualTo(first.memoryAddress());
    assertThat(buffers.take()).isNull();
    first.release();
    second.release();
  }

  @Test
  void oneThatWasReleasedIsEmptyAndTakenAgain() {
    ByteBuf first = taken();
    first.writeZero(SIZE);
    long address = first.memoryAddress();
    first.release();

    ByteBuf again = taken();
    assertThat(again.memoryAddress()).isEqualTo(address);
    assertThat(again.isReadable()).isFalse();
    assertThat(again.writableBytes()).isEqualTo(SIZE);
    again.release();
  }

  @Test
  void oneOfWhichAPartIsStillUsedIsNotTakenAgain() {
    ByteBuf first = taken();
    first.writeZero(SIZE);
    ByteBuf part = first.retainedSlice(10, 20);
    first.release();

    ByteBuf second = taken();
    assertThat(second.memoryAddress()).isNotEqualTo(first.memoryAddress());
    assertThat(buffers.take()).isNull();
    part.release();
    ByteBuf third = taken();
    assertThat(third.memoryAddress()).isNotEqualTo(second.memoryAddress());
    second.release();
    third.release();
  }

  @Test
  void oneInUseWhenAllAreGivenBackLivesUntilItIsReleased() {
    ByteBuf used = taken();
    used.writeLong(42);

    buffers.release();

    assertThat(used.readLong()).isEqualTo(42);
    assertThat(used.release()).isTrue();
    assertThat(used.refCnt()).isZero();
  }

  private ByteBuf taken() {
    return Objects.requireNonNull(buffers.take());
  }
}
