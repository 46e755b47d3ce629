package dev.fairlead.proxy.message;

import io.netty.buffer.ByteBuf;
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

  /** Whether more should be written now; {@link StreamListener#writable()} tells when again. */
  boolean isWritable();
}
