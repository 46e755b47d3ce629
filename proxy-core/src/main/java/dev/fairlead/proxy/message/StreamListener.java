package dev.fairlead.proxy.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a stream tells its exchange. All methods are called on the event loop of the exchange. */
public interface StreamListener {

  /** Body bytes; the listener owns them. */
  void data(ByteBuf data);

  /** No {@link #data} will follow until more was read: a good moment to flush. */
  void dataPaused();

  /** The body is complete. */
  void end(@Nullable Headers trailers);

  /** The stream takes more bytes again. */
  void writable();

  /** The stream is gone before its end. Nothing follows. */
  void aborted(Throwable cause);
}
