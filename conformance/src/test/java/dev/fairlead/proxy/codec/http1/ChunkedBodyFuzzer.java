package dev.fairlead.proxy.codec.http1;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.conformance.fuzzing.Oracle;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunks, and what follows it: the same bytes and the same end in any pieces, those that
 * the grammar of RFC 9112 §7.1 gives ({@link ChunkGrammar}); written again, Netty and we read the
 * same.
 */
public final class ChunkedBodyFuzzer {

  private static final int MAX_TRAILERS = 256;

  /** What was read; of a refused body it does not matter how much of it was passed on before. */
  record Reading(boolean refused, boolean complete, String data, List<String> trailers, int end) {

    static final Reading REFUSED = new Reading(true, false, "", List.of(), 0);
  }

  private ChunkedBodyFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Reading expected = new ChunkGrammar(input, MAX_TRAILERS).read();
    Oracle.same(read(Cuts.none(input), MAX_TRAILERS), expected, "a body in one piece");
    for (List<byte[]> pieces : Cuts.some(input)) {
      Oracle.same(read(pieces, MAX_TRAILERS), expected, "a body in pieces");
    }
    if (expected.complete) {
      roundTrip(input, expected);
    }
  }

  private static Reading read(List<byte[]> pieces, int maxTrailers) {
    CountedBuffers buffers = new CountedBuffers();
    ChunkedBody body = new ChunkedBody(maxTrailers, TestLimits.anyHeads().share());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int consumed = 0;
    boolean refused = false;
    for (byte[] piece : pieces) {
      ByteBuf in = Cuts.buffer(piece, buffers);
      try {
        for (ByteBuf read = body.read(in); read != null; read = body.read(in)) {
          data.writeBytes(ByteBufUtil.getBytes(read));
          read.release();
        }
        consumed += in.readerIndex();
        Oracle.holds(body.isComplete() || !in.isReadable(), "all of an open body is taken");
      } catch (MalformedMessageException e) {
        refused = true;
        break;
      } finally {
        in.release();
      }
    }
    buffers.allReleased();
    return refused
        ? Reading.REFUSED
        : new Reading(
            false,
            body.isComplete(),
            data.toString(StandardCharsets.ISO_8859_1),
            HeadReading.fields(body.trailers()),
            consumed);
  }

  private static void roundTrip(byte[] input, Reading expected) {
    ChunkedBody body = new ChunkedBody(MAX_TRAILERS, TestLimits.anyHeads().share());
    byte[] written;
    Headers trailers;
    try {
      ByteBuf in = Unpooled.wrappedBuffer(input);
      EmbeddedChannel channel = new EmbeddedChannel();
      ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
      channel.pipeline().addLast(handler);
      ChannelHandlerContext context = channel.pipeline().context(handler);
      MessageWriter writer = new MessageWriter(context);
      writer.fields(writer.head(0, new Headers()), new Headers(), true);
      for (ByteBuf read = body.read(in); read != null; read = body.read(in)) {
        writer.body(read);
      }
      trailers = body.trailers();
      writer.end(trailers);
      writer.flush();
      written = Wires.written(channel);
      channel.finishAndReleaseAll();
    } catch (MalformedMessageException e) {
      throw new AssertionError("it was read before", e);
    }
    String head = "Transfer-Encoding: chunked\r\n\r\n";
    String text = new String(written, StandardCharsets.ISO_8859_1);
    Oracle.holds(text.startsWith(head), "chunks are announced");
    String chunks = text.substring(head.length());
    // A space stands behind each colon now.
    int maxTrailers = MAX_TRAILERS + expected.trailers.size();
    Oracle.same(
        read(List.of(chunks.getBytes(StandardCharsets.ISO_8859_1)), maxTrailers),
        new Reading(false, true, expected.data, expected.trailers, chunks.length()),
        "a body that was written and read again");
    nettyReads(text, expected, trailers);
  }

  private static void nettyReads(String text, Reading expected, @Nullable Headers trailers) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    StringBuilder data = new StringBuilder();
    boolean ended = false;
    try {
      channel.writeInbound(
          Unpooled.copiedBuffer("POST / HTTP/1.1\r\n" + text, StandardCharsets.ISO_8859_1));
      for (Object message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        if (message instanceof HttpContent content) {
          Oracle.holds(!ended, "nothing stands behind the body");
          Oracle.holds(content.decoderResult().isSuccess(), "Netty reads the body");
          data.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (message instanceof LastHttpContent last) {
          ended = true;
          Oracle.holds(
              trailers != null || last.trailingHeaders().isEmpty(), "trailers out of nothing");
        }
        ReferenceCountUtil.release(message);
      }
    } finally {
      channel.finishAndReleaseAll();
    }
    Oracle.holds(ended, "Netty finds the end of the body");
    Oracle.same(data.toString(), expected.data, "the body that Netty reads");
  }
}
