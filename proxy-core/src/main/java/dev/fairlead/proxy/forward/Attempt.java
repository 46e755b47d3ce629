package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.cluster.Cluster;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.Outcomes;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.upstream.UpstreamPool;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One try at one endpoint. Ends once: with {@link Exchange#attemptFailed}, or with the response's
 * end, or by {@link #cancel}. Keeps the endpoint's numbers. Event loop only.
 */
final class Attempt implements UpstreamPool.Borrower, UpstreamStream.Listener {

  /** How far it had come when it failed, which decides whether it may be repeated. */
  enum Stage {
    CONNECTING,
    /** The request went out on a connection that had served before. */
    SENT_ON_REUSED,
    SENT,
    /** The response's head has been passed on. */
    ANSWERED
  }

  /** Links of {@link OpenAttempts}, and nobody else's. */
  @Nullable Attempt previous;

  @Nullable Attempt next;

  private final Exchange exchange;
  private final OpenAttempts.OfLoop open;
  private final UpstreamPool pool;
  private final Endpoint endpoint;
  private final Cluster cluster;
  private final RequestHead head;
  private final long startNanos;
  private Stage stage = Stage.CONNECTING;
  private @Nullable UpstreamStream upstream;
  private boolean over;

  /**
   * @param open where it is until it ends
   * @param pool that it borrows of
   * @param endpoint that was given the exchange, and counts it
   * @param cluster of the endpoint
   */
  Attempt(
      Exchange exchange,
      OpenAttempts.OfLoop open,
      UpstreamPool pool,
      Endpoint endpoint,
      Cluster cluster,
      RequestHead head,
      long startNanos) {
    this.exchange = exchange;
    this.pool = pool;
    this.endpoint = endpoint;
    this.cluster = cluster;
    this.head = head;
    this.startNanos = startNanos;
    this.open = open;
    open.add(this);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Stage stage() {
    return stage;
  }

  /** Whether it goes on, by this stream. */
  boolean isAt(UpstreamStream stream) {
    return !over && stream.equals(upstream);
  }

  @Override
  public void acquired(UpstreamStream stream, boolean reused) {
    if (over) {
      stream.cancel();
      return;
    }
    upstream = stream;
    stage = reused ? Stage.SENT_ON_REUSED : Stage.SENT;
    try {
      stream.send(head, this);
    } catch (IllegalArgumentException notForTheWire) {
      cancel();
      exchange.unsendable(notForTheWire);
      return;
    }
    pool.sent(reused);
    if (!over) {
      exchange.sent(stream);
    }
  }

  @Override
  public void failed(Throwable cause) {
    fail(cause);
  }

  @Override
  public void head(ResponseHead response) {
    if (over) {
      return;
    }
    if (!response.isInformational() || response.status() == 101) {
      long now = exchange.nanoTime();
      if (response.status() < 500) {
        endpoint.state().observe(now - startNanos, now);
      } else {
        endpoint.state().observeError(now - startNanos, now);
      }
      outcomes().answered(response.status());
      stage = Stage.ANSWERED;
      if (exchange.triesAnother(this, response.status())) {
        return;
      }
    }
    exchange.responseHead(response);
  }

  @Override
  public void data(ByteBuf data) {
    if (over) {
      data.release();
    } else {
      exchange.responseData(data);
    }
  }

  @Override
  public void dataPaused() {
    if (!over) {
      exchange.responsePaused();
    }
  }

  @Override
  public void end(@Nullable Headers trailers) {
    if (!over) {
      finish();
      exchange.responseEnd(trailers);
    }
  }

  @Override
  public void writable() {
    if (!over) {
      exchange.upstreamWritable();
    }
  }

  @Override
  public void aborted(Throwable cause) {
    fail(cause);
  }

  /** The exchange wants nothing more of it. */
  void cancel() {
    if (!over) {
      if (stage != Stage.ANSWERED) {
        outcomes().abandoned();
      }
      leave();
    }
  }

  private void leave() {
    finish();
    if (upstream != null) {
      upstream.cancel();
    }
  }

  /** Closes the connection although the response has ended. */
  void cancelConnection() {
    if (upstream != null) {
      upstream.cancel();
    }
  }

  /** What follows are bytes of another protocol. */
  void switchProtocols() {
    if (upstream != null) {
      upstream.switchProtocols();
    }
  }

  /** Takes the exchange off the endpoint's numbers; once. */
  void finish() {
    if (!over) {
      over = true;
      open.remove(this);
      endpoint.state().finished();
      cluster.freed();
    }
  }

  /** Its endpoint says nothing any more. */
  void doubt() {
    if (!over && stage != Stage.ANSWERED) {
      exchange.doubts(this);
    }
  }

  /** Its endpoint is gone: as if the connection had ended. */
  void gone() {
    if (!over) {
      UpstreamStream left = upstream;
      fail(new IOException("the task is gone"));
      if (left != null) {
        left.cancel();
      }
    }
  }

  /** Nothing came of it for too long. */
  void giveUp() {
    if (!over) {
      outcomes().lost();
      leave();
    }
  }

  private Outcomes outcomes() {
    return endpoint.state().outcomes();
  }

  // An app that ends a stream, or declines it, is at work.
  private static boolean saysItself(Throwable cause) {
    return cause instanceof StreamResetException || cause instanceof UnprocessedException;
  }

  private void fail(Throwable cause) {
    if (!over) {
      finish();
      if (stage != Stage.ANSWERED) {
        if (saysItself(cause)) {
          outcomes().abandoned();
        } else {
          outcomes().lost();
        }
      }
      exchange.attemptFailed(this, cause);
    }
  }
}
