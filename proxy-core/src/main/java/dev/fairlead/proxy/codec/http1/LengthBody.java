package dev.fairlead.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A body of so many bytes (RFC 9112 §6.2). */
final class LengthBody implements BodyReader {

  private long left;

  LengthBody(long bytes) {
    this.left = bytes;
  }

  @Override
  public @Nullable ByteBuf read(ByteBuf in) {
    int bytes = (int) Math.min(left, in.readableBytes());
    if (bytes == 0) {
      return null;
    }
    left -= bytes;
    return in.readRetainedSlice(bytes);
  }

  @Override
  public boolean isComplete() {
    return left == 0;
  }
}
