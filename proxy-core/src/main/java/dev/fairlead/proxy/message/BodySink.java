package dev.fairlead.proxy.message;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where body bytes go. All methods on the event loop of the exchange. */
public interface BodySink {

  /**
   * Takes ownership of {@code data}. Accepted also when not writable; then the caller stops soon.
   */
  void write(ByteBuf data);

  /** Writes out what was written so far. */
  void flush();

  /** The body is complete. */
  void end(@Nullable Headers trailers);

  /**
   * Whether the other side takes what waits for it since {@link #isWritable()} was false. A look
   * costs a system call.
   *
   * @param bytes that are enough since the look before
   * @param within for the first look: how long ago any may have left at most
   * @return false also where that is not known
   */
  boolean hasTaken(long bytes, Duration within);

  /** Whether more should be written now; {@link StreamListener#writable()} tells when again. */
  boolean isWritable();
}
