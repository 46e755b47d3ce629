package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells where a body ends (RFC 9112 §6): takes the bytes that belong to it out of what came, in any
 * pieces. One for each body.
 */
sealed interface BodyReader permits NoBody, LengthBody, ChunkedBody, UntilCloseBody {

  /**
   * Takes the next piece of the body.
   *
   * @return bytes, owned by the caller; null when more input is needed or the body is complete
   */
  @Nullable ByteBuf read(ByteBuf in) throws MalformedMessageException;

  /** Whether all of the body was read. */
  boolean isComplete();

  /** Whether the end of the connection is the end of the body. */
  default boolean endsWithConnection() {
    return false;
  }

  /** Gives up what is kept of fields that have not come to their end; nothing is read any more. */
  default void close() {}

  /** The fields behind the body; null when there are none. */
  default @Nullable Headers trailers() {
    return null;
  }
}
