package dev.fairlead.proxy.tls;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import dev.fairlead.config.routing.HostPattern;
import dev.fairlead.conformance.fuzzing.CountedBuffers;
import dev.fairlead.conformance.fuzzing.Cuts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A ClientHello without the headers of record and handshake: reading it never throws and changes
 * nothing; where Netty finds a server name, too, it is the same; and however a connection begins,
 * and in any pieces, it is closed or waited for, and no memory is lost.
 */
public final class ClientHelloFuzzer {

  private ClientHelloFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuf message = Unpooled.wrappedBuffer(input);
    ClientHello hello = ClientHello.read(message);
    same(message.readerIndex(), 0, "a message that was only looked at");
    same(ClientHello.read(message), hello, "a message that is read again");
    String name = hello.serverName();
    if (name != null) {
      same(name, name.toLowerCase(Locale.ROOT), "a server name is lower case");
      String nettys = namesOneHost(input) ? nettys(input) : null;
      if (nettys != null && !nettys.isEmpty()) {
        same(name, normal(nettys), "name");
      }
    }
    holds(hello.protocols().size() <= input.length, "no protocol is out of nothing");
    entry(record(input), hello);
    entry(input, null);
  }

  // Without the dot at the end of a complete name, and IPv6 as in requests.
  private static String normal(String name) {
    String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return HostPattern.parse(name)
        .filter(host -> host.suffix().indexOf(':') >= 0)
        .map(HostPattern::authority)
        .orElse(text);
  }

  // Whether there is one extension of that type with one name in it and nothing else: no TLS takes
  // another, and so it does not matter which name is read there.
  private static boolean namesOneHost(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    int names = 0;
    try {
      in.position(2 + 32);
      in.position(in.position() + 1 + (in.get(in.position()) & 0xff));
      in.position(in.position() + 2 + (in.getShort(in.position()) & 0xffff));
      in.position(in.position() + 1 + (in.get(in.position()) & 0xff) + 2);
      while (in.hasRemaining()) {
        int type = in.getShort();
        int length = in.getShort() & 0xffff;
        if (type == 0) {
          int at = in.position();
          boolean one =
              (in.getShort(at) & 0xffff) == length - 2
                  && in.get(at + 2) == 0
                  && (in.getShort(at + 3) & 0xffff) == length - 5;
          names += one ? 1 : 2;
        }
        in.position(in.position() + length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
    return names == 1;
  }

  // What a connection begins with when it carries this message.
  private static byte[] record(byte[] message) {
    int length = Math.min(message.length, 16_000);
    ByteBuf record = Unpooled.buffer(length + 9);
    record.writeByte(22).writeShort(0x0301).writeShort(length + 4);
    record.writeByte(1).writeMedium(length).writeBytes(message, 0, length);
    byte[] bytes = new byte[record.readableBytes()];
    record.readBytes(bytes);
    return bytes;
  }

  private static @Nullable String nettys(byte[] message) {
    Names names = new Names();
    EmbeddedChannel channel = new EmbeddedChannel(names);
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(record(message)));
    } finally {
      channel.finishAndReleaseAll();
    }
    return names.found;
  }

  private static void entry(byte[] bytes, @Nullable ClientHello expected) {
    CountedBuffers buffers = new CountedBuffers();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(buffers);
    List<String> asked = new ArrayList<>();
    CompletableFuture<Optional<ServerCertificate>> answer = new CompletableFuture<>();
    channel
        .pipeline()
        .addLast(
            new TlsEntry(
                new CertificateIndex(),
                host -> {
                  asked.add(host);
                  return answer;
                },
                Duration.ofSeconds(10),
                (pipeline, http2, serverName) -> {
                  throw new AssertionError("nothing was agreed on");
                }));
    for (byte[] piece : Cuts.many(bytes)) {
      if (channel.isOpen()) {
        channel.writeInbound(Cuts.buffer(piece, buffers));
      }
    }
    same(channel.isOpen() || asked.isEmpty(), true, "a question for the CA is waited for");
    answer.completeExceptionally(new IllegalStateException("the storage hangs"));
    channel.runPendingTasks();
    channel.checkException();
    if (expected != null) {
      boolean challenge =
          expected.serverName() != null && expected.protocols().equals(List.of("acme-tls/1"));
      same(asked, challenge ? List.of(expected.serverName()) : List.of(), "who is the CA");
      holds(!channel.isOpen(), "without a certificate there is no handshake");
    }
    channel.finishAndReleaseAll();
    buffers.allReleased();
  }

  /** Asks Netty for the name. */
  private static final class Names extends AbstractSniHandler<String> {

    private @Nullable String found;

    @Override
    protected Future<String> lookup(ChannelHandlerContext context, @Nullable String hostname) {
      found = hostname;
      return context.executor().newSucceededFuture("");
    }

    @Override
    protected void onLookupComplete(
        ChannelHandlerContext context, @Nullable String hostname, Future<String> done) {
      context.pipeline().remove(this);
    }
  }
}
