package dev.fairlead.proxy.codec.proxyprotocol;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Complete;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Incomplete;
import dev.fairlead.proxy.codec.proxyprotocol.ProxyHeader.Invalid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The beginning of a connection from a trusted proxy: a part of a header says less and never
 * something else; what is whole is what Netty reads; and every byte behind it goes on.
 */
public final class ProxyHeaderFuzzer {

  private static final int MAX_LINE = 107;

  private ProxyHeaderFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    ProxyHeader whole = read(input, input.length);
    for (int length = 0; length < input.length; length += length < 150 ? 1 : 97) {
      part(input, length, whole);
    }
    switch (whole) {
      case Complete complete -> complete(input, complete);
      case Incomplete() -> incomplete(input);
      case Invalid(String reason) -> holds(!reason.isEmpty(), "a refusal has a reason");
    }
    entry(input, whole);
  }

  private static ProxyHeader read(byte[] input, int length) {
    // Not at the beginning of its buffer: offsets count from what is readable.
    ByteBuf in = Unpooled.buffer(length + 3).writeZero(3).writeBytes(input, 0, length).skipBytes(3);
    ProxyHeader header = ProxyHeader.of(in);
    same(in.readableBytes(), length, "bytes that were only looked at");
    return header;
  }

  private static void part(byte[] input, int length, ProxyHeader whole) {
    ProxyHeader part = read(input, length);
    if (part instanceof Complete) {
      same(part, whole, "a header and more");
    } else if (part instanceof Invalid) {
      holds(whole instanceof Invalid, "what is no header becomes none");
    } else if (whole instanceof Complete complete) {
      holds(length < complete.length(), "a header is complete with its last byte");
    }
  }

  private static void complete(byte[] input, Complete header) {
    boolean text = input[0] == 'P';
    holds(header.length() <= (text ? MAX_LINE : ProxyHeader.MAX_BYTES), "a header has a limit");
    holds(!header.own() || header.source().isEmpty(), "the proxy's own has no source");
    holds(read(input, header.length() - 1) instanceof Incomplete, "no byte of it is too many");
    if (text) {
      String line = new String(input, 0, header.length(), StandardCharsets.ISO_8859_1);
      holds(line.indexOf("\r\n") == line.length() - 2, "a header of version 1 is a line");
      holds(line.chars().filter(c -> c == '\n').count() == 1, "a header of version 1 is one line");
    }
    Optional<InetAddress> source = header.source();
    if (source.isPresent()) {
      // Netty refuses port 0, which the protocol allows, and reads what stands behind addresses.
      Optional<InetAddress> nettys = nettys(Arrays.copyOf(input, header.length()));
      holds(nettys.isEmpty() || nettys.equals(source), "the source that Netty reads");
    }
  }

  private static void incomplete(byte[] input) {
    boolean text = input.length > 0 && input[0] == 'P';
    holds(
        input.length < (text ? MAX_LINE : ProxyHeader.MAX_BYTES),
        "nobody is waited for without a limit");
  }

  private static Optional<InetAddress> nettys(byte[] header) {
    EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(header));
      HAProxyMessage message = channel.readInbound();
      Optional<InetAddress> source =
          Optional.ofNullable(message.sourceAddress()).map(InetAddress::ofLiteral);
      ReferenceCountUtil.release(message);
      return source;
    } catch (DecoderException e) {
      return Optional.empty();
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static void entry(byte[] input, ProxyHeader expected) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(buffers);
    Rest rest = new Rest();
    StringBuilder refused = new StringBuilder();
    channel
        .pipeline()
        .addLast(
            new ProxyProtocolEntry(
                Duration.ofSeconds(10),
                refused::append,
                (pipeline, source, own) -> {
                  same(rest.begun, false, "the connection is handed on once");
                  rest.begun = true;
                  rest.source = source;
                  pipeline.addLast(rest);
                }));
    for (byte[] piece : Cuts.many(input)) {
      if (channel.isOpen()) {
        channel.writeInbound(Cuts.buffer(piece, buffers));
      }
    }
    channel.checkException();
    same(rest.begun, expected instanceof Complete, "a connection that is handed on");
    same(!refused.isEmpty(), expected instanceof Invalid, "a connection that is refused");
    same(channel.isOpen(), !(expected instanceof Invalid), "a connection that is open");
    if (expected instanceof Complete complete) {
      same(rest.source, complete.source(), "whose connection it is");
      byte[] behind = Arrays.copyOfRange(input, complete.length(), input.length);
      same(text(rest.bytes.toByteArray()), text(behind), "what stands behind the header");
    }
    channel.finishAndReleaseAll();
    buffers.allReleased();
  }

  private static List<Byte> text(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return Arrays.asList(boxed);
  }

  /** What takes over behind the header. */
  private static final class Rest extends ChannelInboundHandlerAdapter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Optional<InetAddress> source = Optional.empty();
    private boolean begun;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      bytes.writeBytes(ByteBufUtil.getBytes(in));
      in.release();
    }
  }
}
