package dev.fairlead.proxy.codec.proxyprotocol;

import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a connection that a trusted proxy has made: reads its header and hands the
 * pipeline on. There has to be one (the receiver must not guess, §2 of the protocol), within a
 * deadline. Event loop only.
 */
public final class ProxyProtocolEntry extends ByteToMessageDecoder {

  private final Duration timeout;
  private final Consumer<String> refused;
  private final Next next;
  private @Nullable ScheduledFuture<?> deadline;

  /** There was no header when the proxy looked for idle connections. */
  private boolean idle;

  /** Takes over behind the header. */
  @FunctionalInterface
  public interface Next {

    /**
     * Puts what follows onto the pipeline.
     *
     * @param source whose connection it is; empty for the proxy's own, and where it does not know
     * @param own whether it is the proxy's own
     */
    void begin(ChannelPipeline pipeline, Optional<InetAddress> source, boolean own);
  }

  /**
   * @param timeout for the whole header
   * @param refused told why a connection is closed
   */
  public ProxyProtocolEntry(Duration timeout, Consumer<String> refused, Next next) {
    this.timeout = timeout;
    this.refused = refused;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    Channel channel = context.channel();
    deadline =
        context
            .executor()
            .schedule(
                () -> {
                  refused.accept("no PROXY protocol header in time");
                  channel.close();
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    switch (ProxyHeader.of(in)) {
      case ProxyHeader.Incomplete() -> {}
      case ProxyHeader.Invalid(String reason) -> {
        in.skipBytes(in.readableBytes());
        refused.accept(reason);
        context.close();
      }
      case ProxyHeader.Complete(Optional<InetAddress> source, boolean own, int length) -> {
        in.skipBytes(length);
        next.begin(context.pipeline(), source, own);
        // what came behind the header goes on to the handlers that are there now
        context.pipeline().remove(this);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event == ConnectionEvent.CLOSE_IDLE) {
      // It has come at the second look, unless it never does.
      if (idle) {
        context.close();
      }
      idle = true;
    } else {
      super.userEventTriggered(context, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
