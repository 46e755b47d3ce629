package dev.fairlead.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A response's body that ends when the connection does (RFC 9112 §6.3, rule 8). */
final class UntilCloseBody implements BodyReader {

  @Override
  public @Nullable ByteBuf read(ByteBuf in) {
    return in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
  }

  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public boolean endsWithConnection() {
    return true;
  }
}
