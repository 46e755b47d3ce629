package dev.fairlead.proxy.codec.http1;

import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of one connection, one after the other. Small pieces (a head, the framing of
 * chunks, little data) are gathered into one buffer, so that the system and TLS get few; large ones
 * go as they are, without a copy. Nothing leaves before {@link #flush}. Event loop only.
 */
final class MessageWriter {

  /** Up to here a copy costs less than one more piece. */
  private static final int MAX_GATHERED = 4096;

  /** Beside its fields: the start line's fixed parts, framing fields, empty line. */
  private static final int HEAD_BYTES = 128;

  private static final int MAX_CHUNK_FRAME = 20;

  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");

  private final ChannelHandlerContext context;
  private @Nullable ByteBuf gathered;
  private boolean chunked;

  MessageWriter(ChannelHandlerContext context) {
    this.context = context;
  }

  /**
   * Begins a message.
   *
   * @param lineBytes of the start line, at most
   * @return where the start line goes, and then {@link #fields}
   */
  ByteBuf head(int lineBytes, Headers headers) {
    chunked = false;
    return room(HEAD_BYTES + lineBytes + headers.maxWireBytes());
  }

  /** Writes the fields, and that chunks follow if they do; the caller may add fields before. */
  void fields(ByteBuf out, Headers headers, boolean inChunks) {
    headers.writeTo(out);
    chunked = inChunks;
    if (inChunks) {
      out.writeBytes(CHUNKED);
    }
    crLf(out);
  }

  /** Writes a piece of the body; takes ownership of it. */
  void body(ByteBuf data) {
    int bytes = data.readableBytes();
    if (bytes == 0) {
      data.release();
    } else if (chunked) {
      chunk(data, bytes);
    } else if (bytes <= MAX_GATHERED && gathered != null) {
      gather(data, bytes);
    } else {
      pass(data);
    }
  }

  private void chunk(ByteBuf data, int bytes) {
    boolean small = bytes <= MAX_GATHERED;
    ByteBuf out = room(MAX_CHUNK_FRAME + (small ? bytes : 0));
    out.writeCharSequence(Integer.toHexString(bytes), StandardCharsets.US_ASCII);
    crLf(out);
    if (small) {
      gather(data, bytes);
      crLf(out);
    } else {
      pass(data);
      crLf(room(MAX_CHUNK_FRAME));
    }
  }

  private void gather(ByteBuf data, int bytes) {
    room(bytes).writeBytes(data);
    data.release();
  }

  private void pass(ByteBuf data) {
    writeGathered();
    context.write(data, context.voidPromise());
  }

  /** Ends the body. */
  void end(@Nullable Headers trailers) {
    if (chunked) {
      ByteBuf out = room(MAX_CHUNK_FRAME + (trailers == null ? 0 : trailers.maxWireBytes()));
      out.writeBytes(LAST_CHUNK);
      if (trailers != null) {
        trailers.writeTo(out);
      }
      crLf(out);
      chunked = false;
    }
  }

  /** Hands what was gathered to the connection, and all that was written to the system. */
  void flush() {
    writeGathered();
    context.flush();
  }

  /** Forgets what was not written: the connection is gone. */
  void close() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  private ByteBuf room(int bytes) {
    ByteBuf out = gathered;
    if (out != null && out.writableBytes() < bytes) {
      writeGathered();
      out = null;
    }
    if (out == null) {
      out = context.alloc().ioBuffer(bytes + MAX_GATHERED);
      gathered = out;
    }
    return out;
  }

  private void writeGathered() {
    ByteBuf out = gathered;
    if (out != null) {
      gathered = null;
      context.write(out, context.voidPromise());
    }
  }

  static void crLf(ByteBuf out) {
    ByteBufUtil.writeShortBE(out, '\r' << 8 | '\n');
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
