package dev.fairlead.proxy.tls;

import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a TLS connection: reads the ClientHello, chooses the certificate, and when the
 * handshake is done hands the pipeline to the protocol that was agreed on. All of it within one
 * deadline. Event loop only.
 */
public final class TlsEntry extends SslClientHelloHandler<SslContext> {

  /** More than any client of today sends, post-quantum key shares included. */
  private static final int MAX_HELLO_BYTES = 16 * 1024;

  /** What a handshake has to be left of its time when it has waited for its certificate. */
  private static final int REST = 4;

  private final CertificateIndex certificates;
  private final TlsChallenges challenges;
  private final Duration timeout;
  private final Next next;

  private ClientHello hello = new ClientHello(null, List.of());
  private @Nullable ScheduledFuture<?> deadline;

  /** Of the handshake that waits for its certificate, if it does. */
  private @Nullable Promise<SslContext> awaited;

  private boolean looked;

  /** There was no ClientHello when {@link #closeIfIdle} looked. */
  private boolean idle;

  /** Takes over after the handshake. */
  @FunctionalInterface
  public interface Next {

    /**
     * Puts a protocol onto the pipeline.
     *
     * @param serverName the host that the client named; null when it named none
     */
    void agreed(ChannelPipeline pipeline, boolean http2, @Nullable String serverName);
  }

  public TlsEntry(
      CertificateIndex certificates, TlsChallenges challenges, Duration timeout, Next next) {
    super(MAX_HELLO_BYTES);
    this.certificates = certificates;
    this.challenges = challenges;
    this.timeout = timeout;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    Channel channel = context.channel();
    deadline =
        context.executor().schedule(() -> channel.close(), timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event == ConnectionEvent.CLOSE_IDLE) {
      closeIfIdle(context);
    } else {
      super.userEventTriggered(context, event);
    }
  }

  // It has come at the second look, unless the client opened the connection for later.
  private void closeIfIdle(ChannelHandlerContext context) {
    if (idle && !looked) {
      context.close();
    }
    idle = !looked;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    cancelDeadline();
    if (awaited != null) {
      complete(awaited, null); // what was read is held until then
    }
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The client left, or what it says is no ClientHello: anybody can cause any number.
    context.close();
  }

  @Override
  protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable ByteBuf message) {
    Promise<SslContext> found = context.executor().newPromise();
    if (looked) {
      // A connection that is closed has its last bytes decoded again.
      complete(found, null);
      return found;
    }
    looked = true;
    if (message != null) {
      hello = ClientHello.read(message);
    }
    if (isChallenge() && hello.serverName() != null) {
      challenge(found, hello.serverName());
    } else {
      choose(context, found);
    }
    return found;
  }

  /** A certificate that is on its way is waited for, as long as a handshake can still follow. */
  private void choose(ChannelHandlerContext context, Promise<SslContext> found) {
    CompletableFuture<Void> arrival =
        certificates.arrival(hello.serverName()).toCompletableFuture();
    if (arrival.isDone()) {
      complete(found, certificates.find(hello.serverName()));
      return;
    }
    awaited = found;
    long limit = timeout.toNanos() - timeout.toNanos() / REST;
    ScheduledFuture<?> end =
        context.executor().schedule(() -> chooseNow(found), limit, TimeUnit.NANOSECONDS);
    found.addListener(_ -> end.cancel(false));
    arrival.whenComplete((_, _) -> context.executor().execute(() -> chooseNow(found)));
  }

  private void chooseNow(Promise<SslContext> found) {
    if (!found.isDone()) {
      complete(found, certificates.find(hello.serverName()));
    }
  }

  // Only who offers nothing else is the CA (RFC 8737 §3).
  private boolean isChallenge() {
    return hello.protocols().size() == 1 && hello.protocols().contains(TlsContexts.ACME_TLS);
  }

  private void challenge(Promise<SslContext> found, String host) {
    challenges
        .certificate(host)
        // A context takes a moment to make, and the answer may come at once, on the event loop.
        // Rare enough for a thread of its own.
        .thenAcceptAsync(
            certificate -> complete(found, certificate.map(TlsContexts::forChallenge).orElse(null)),
            task -> Thread.ofVirtual().start(task))
        .exceptionally(
            failure -> {
              found.tryFailure(failure);
              return null;
            });
  }

  private static void complete(Promise<SslContext> found, @Nullable SslContext context) {
    if (context == null) {
      found.tryFailure(new CancellationException("no certificate for this handshake"));
    } else {
      found.trySuccess(context);
    }
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext context, Future<SslContext> found) {
    if (!found.isSuccess()) {
      context.close();
      return;
    }
    SslHandler tls = found.getNow().newHandler(context.alloc());
    tls.setHandshakeTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    context.pipeline().addAfter(context.name(), null, new Agreement());
    context.pipeline().replace(this, null, tls);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  /** Waits for the end of the handshake. */
  private final class Agreement extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        completed(context, handshake);
      } else {
        context.fireUserEventTriggered(event);
      }
    }

    private void completed(ChannelHandlerContext context, SslHandshakeCompletionEvent handshake) {
      cancelDeadline();
      // A challenge is over with its handshake.
      if (!handshake.isSuccess() || isChallenge()) {
        context.close();
        return;
      }
      SslHandler tls = context.pipeline().get(SslHandler.class);
      boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
      next.agreed(context.pipeline(), http2, hello.serverName());
      context.pipeline().remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      cancelDeadline();
      context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A failed handshake: the client knows, and anybody can cause any number.
      context.close();
    }
  }
}
