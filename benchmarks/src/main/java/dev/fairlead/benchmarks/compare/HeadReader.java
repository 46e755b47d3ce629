package dev.fairlead.benchmarks.compare;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads the head of one HTTP/1.1 message, hands it over as text without its empty line, and is
 * gone; what follows it goes to the handlers behind.
 */
final class HeadReader extends ByteToMessageDecoder {

  private static final int LONGEST = 8192;

  private final BiConsumer<ChannelHandlerContext, String> whenRead;

  HeadReader(BiConsumer<ChannelHandlerContext, String> whenRead) {
    this.whenRead = whenRead;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    String text = in.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (text.length() > LONGEST) {
        throw new TooLongFrameException("head: more than " + LONGEST + " bytes");
      }
      return;
    }
    in.skipBytes(end + 4);
    whenRead.accept(context, text.substring(0, end));
    context.pipeline().remove(this);
  }

  /** The value of a field, empty when it isn't there. */
  static String field(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
