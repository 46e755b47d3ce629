package dev.fairlead.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Nothing follows the head. */
enum NoBody implements BodyReader {
  INSTANCE;

  @Override
  public @Nullable ByteBuf read(ByteBuf in) {
    return null;
  }

  @Override
  public boolean isComplete() {
    return true;
  }
}
