package dev.fairlead.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What sockets are read into: a buffer as large as the last reads were; and a large one of the
 * event loop where those filled it, as long as the loop has one. A large body passes with an eighth
 * of the system calls then, and of the wake-ups that each of them costs the kernel. Thread-safe.
 */
public final class ReadBuffers implements RecvByteBufAllocator {

  /** Bytes. What a read of an idle or a talkative connection gets. */
  private static final int LEAST = 64;

  private static final int FIRST = 2048;
  static final int MOST = 64 * 1024;

  /** Bytes. More does not fit the caches, and is slower again. */
  static final int LARGE = 512 * 1024;

  /** Per event loop: 4 MiB, once bodies that large have passed. */
  static final int LARGE_COUNT = 8;

  /** Bytes of one connection after which the others of its event loop have their turn. */
  static final int TURN = 1024 * 1024;

  /** Bytes. What a read gets while memory is scarce. */
  static final int SCARCE = 4 * 1024;

  private static final int READS_PER_TURN = 16;

  private final MemoryGauge memory;

  private final AdaptiveRecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST);
  private final FastThreadLocal<LargeBuffers> large =
      new FastThreadLocal<>() {
        @Override
        protected LargeBuffers initialValue() {
          return new LargeBuffers(LARGE_COUNT, LARGE);
        }

        @Override
        protected void onRemoval(LargeBuffers ofLoop) {
          ofLoop.release();
        }
      };

  /**
   * @param memory is looked at before each read: nothing else makes the buffers in use many
   */
  public ReadBuffers(MemoryGauge memory) {
    this.memory = memory;
    adaptive.maxMessagesPerRead(READS_PER_TURN);
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Reads((ExtendedHandle) adaptive.newHandle());
  }

  /** The reads of one connection. */
  private final class Reads extends DelegatingHandle implements ExtendedHandle {

    private final ExtendedHandle adaptive;
    private int bytesOfTurn;

    Reads(ExtendedHandle adaptive) {
      super(adaptive);
      this.adaptive = adaptive;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator buffers) {
      if (memory.isScarce()) {
        return buffers.ioBuffer(Math.min(guess(), SCARCE));
      }
      @Nullable ByteBuf taken = guess() == MOST ? large.get().take() : null;
      return taken == null ? super.allocate(buffers) : taken;
    }

    @Override
    public void reset(ChannelConfig config) {
      bytesOfTurn = 0;
      super.reset(config);
    }

    @Override
    public void lastBytesRead(int bytes) {
      bytesOfTurn += Math.max(bytes, 0);
      super.lastBytesRead(bytes);
    }

    @Override
    public boolean continueReading() {
      return bytesOfTurn < TURN && super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier more) {
      return bytesOfTurn < TURN && adaptive.continueReading(more);
    }
  }
}
