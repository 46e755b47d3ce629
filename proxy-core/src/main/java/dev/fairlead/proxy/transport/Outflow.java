package dev.fairlead.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was sent on a connection gets to the other side, as the system tells ({@code
 * tcp_info} of Linux 4.1 and later). That a socket takes more bytes tells too little of a slow
 * reader: its buffers hold megabytes, and it asks for more when a third of them is free. Each look
 * is a system call. Event loop only.
 */
public final class Outflow {

  private static final long UNKNOWN = -1;

  private static final int IPPROTO_TCP = 6;
  private static final int TCP_INFO = 11;

  // Where what is read lies in it; what follows is of no interest.
  private static final int LAST_DATA_SENT = 44;
  private static final int BYTES_ACKED = 120;
  private static final int LENGTH = BYTES_ACKED + Long.BYTES;

  private static final RawUnixChannelOption INFO =
      new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, LENGTH);

  private long acknowledged = UNKNOWN;

  /** What follows begins anew: no look was taken yet. */
  public void begin() {
    acknowledged = UNKNOWN;
  }

  /**
   * Takes a look.
   *
   * @param bytes that are enough since the look before
   * @param within where this look is the first one: how long ago any may have left at most; how
   *     many they were is not known then
   * @return whether they got there; false where the system does not tell
   */
  public boolean hasMoved(Channel channel, long bytes, Duration within) {
    ByteBuffer info = info(channel);
    if (info == null) {
      return false;
    }
    long before = acknowledged;
    acknowledged = info.getLong(BYTES_ACKED);
    return before == UNKNOWN
        ? Integer.toUnsignedLong(info.getInt(LAST_DATA_SENT)) < within.toMillis()
        : acknowledged - before >= bytes;
  }

  /** Null where there is none: without epoll, or when the connection is gone. */
  private static @Nullable ByteBuffer info(Channel channel) {
    try {
      ByteBuffer info = channel.config().getOption(INFO);
      return info == null ? null : info.order(ByteOrder.nativeOrder());
    } catch (ChannelException gone) {
      return null;
    }
  }
}
