package dev.fairlead.benchmarks.compare;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Binary WebSocket messages of up to 125 bytes (RFC 6455 §5.2), masked or not: no more than a
 * comparison needs. Passes the payload on, unmasked, as a buffer of its own.
 */
final class WebSocketFrames extends ByteToMessageDecoder {

  private static final int BINARY = 0x82;
  private static final int MASKED = 0x80;
  private static final int LONGEST = 125;

  /** Writes a frame. A client has to mask, and its key is part of the frame (§5.3). */
  static ByteBuf frame(ChannelHandlerContext context, ByteBuf payload, boolean masked) {
    int length = payload.readableBytes();
    ByteBuf frame = context.alloc().buffer(length + 6).writeByte(BINARY);
    frame.writeByte(masked ? length | MASKED : length);
    if (masked) {
      frame.writeInt(0); // a key that leaves the payload as it is
    }
    return frame.writeBytes(payload, payload.readerIndex(), length);
  }

  /** What a server answers to the key of a handshake (§4.2.2). */
  static String accept(String key) {
    try {
      byte[] text =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 2) {
      return;
    }
    int first = in.getUnsignedByte(in.readerIndex());
    int second = in.getUnsignedByte(in.readerIndex() + 1);
    int length = second & ~MASKED;
    if (first != BINARY || length > LONGEST) {
      throw new IllegalStateException(
          "frame: %x %x (expected: binary, short)".formatted(first, second));
    }
    int header = (second & MASKED) == 0 ? 2 : 6;
    if (in.readableBytes() < header + length) {
      return;
    }
    in.skipBytes(2);
    int key = header == 2 ? 0 : in.readInt();
    ByteBuf payload = context.alloc().buffer(length);
    for (int i = 0; i < length; i++) {
      payload.writeByte(in.readByte() ^ (key >>> (8 * (3 - i % 4))));
    }
    out.add(payload);
  }
}
