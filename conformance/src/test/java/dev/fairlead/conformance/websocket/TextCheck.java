package dev.fairlead.conformance.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Ends a WebSocket with 1007 at the first byte of a text that can't be UTF-8 (RFC 6455 §8.1), as
 * bytes come. Netty's own check waits for whole frames. Stands before its decoder, which judges
 * everything else, and behind {@link Lingering}.
 */
final class TextCheck extends ChannelInboundHandlerAdapter {

  private static final int OPCODE = 0x0f;
  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int FIRST_CONTROL = 8;
  private static final int MAX_CHARACTER = 4;

  /** A close frame with the code 1007. */
  private static final byte[] INVALID = {(byte) 0x88, 2, 1007 >> 8, (byte) (1007 & 0xff)};

  private final CharsetDecoder text =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /** The bytes of a character that is not complete yet. */
  private final ByteBuffer rest = ByteBuffer.allocate(2 * MAX_CHARACTER);

  private final CharBuffer characters = CharBuffer.allocate(2 * MAX_CHARACTER);

  private final ByteBuffer head = ByteBuffer.allocate(14);
  private final byte[] mask = new byte[4];
  private boolean inText;
  private boolean checked;
  private long left;
  private int maskAt;
  private boolean ended;

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    ByteBuf bytes = (ByteBuf) read;
    if (ended) {
      ReferenceCountUtil.release(bytes);
      return;
    }
    for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
      if (!isGood(bytes.getByte(i))) {
        ended = true;
        // What came before is answered first.
        context.fireChannelRead(bytes.readRetainedSlice(i - bytes.readerIndex()));
        bytes.release();
        context
            .writeAndFlush(Unpooled.wrappedBuffer(INVALID))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    context.fireChannelRead(bytes);
  }

  private boolean isGood(byte value) {
    if (left == 0) {
      head.put(value);
      if (head.position() == headBytes()) {
        begin();
      }
      return true;
    }
    left--;
    boolean good = !checked || isText((byte) (value ^ mask[maskAt]));
    maskAt = (maskAt + 1) % mask.length;
    return good;
  }

  private boolean isText(byte value) {
    rest.put(value).flip();
    CoderResult result = text.decode(rest, characters.clear(), false);
    rest.compact();
    return !result.isError();
  }

  /** How long the head of the frame is, as far as it is known (RFC 6455 §5.2). */
  private int headBytes() {
    if (head.position() < 2) {
      return 2;
    }
    int length = head.get(1) & 0x7f;
    int lengthBytes = length == 127 ? 8 : length == 126 ? 2 : 0;
    int maskBytes = head.get(1) < 0 ? mask.length : 0;
    return 2 + lengthBytes + maskBytes;
  }

  private void begin() {
    int opcode = head.get(0) & OPCODE;
    int length = head.get(1) & 0x7f;
    left = length == 127 ? head.getLong(2) : length == 126 ? head.getShort(2) & 0xffff : length;
    if (head.get(1) < 0) {
      head.get(head.position() - mask.length, mask);
    }
    maskAt = 0;
    boolean fin = (head.get(0) & FIN) != 0;
    head.clear();
    if (opcode >= FIRST_CONTROL) {
      checked = false;
      return;
    }
    if (opcode != CONTINUATION) {
      inText = opcode == TEXT;
      rest.clear();
    }
    checked = inText;
    // The next message begins with an opcode of its own; whether this one ends within a character
    // is seen by who has it whole.
    inText &= !fin;
  }
}
