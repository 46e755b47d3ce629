package dev.fairlead.proxy.forward;

import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from the client to whichever endpoint gets it, as long as it is
 * not too large; to the next one with what the one before it got. Event loop only.
 */
final class RequestBody {

  /** What became of some bytes. */
  enum Outcome {
    /** They are on their way, or will be. */
    TAKEN,
    /** With them there are more than may be; they are dropped. */
    TOO_LARGE,
    /** There is no endpoint at the moment, and they can't be kept for the next. */
    LOST
  }

  private final ClientStream client;
  private final boolean hasBody;
  private final long limit;
  private final SentBody sent;
  private @Nullable BodyRelay relay;
  private boolean ended;

  /**
   * @param hasBody whether there is any
   * @param limit bytes
   * @param sent keeps what was sent
   */
  RequestBody(ClientStream client, boolean hasBody, long limit, SentBody sent) {
    this.client = client;
    this.hasBody = hasBody;
    this.ended = !hasBody;
    this.limit = limit;
    this.sent = sent;
  }

  /** It goes to this endpoint from now on, which gets at once what another one got before. */
  void flowTo(UpstreamStream upstream) {
    BodyRelay to = new BodyRelay(client, upstream);
    relay = to;
    if (!sent.isEmpty()) {
      to.data(sent.copy());
      to.dataPaused();
    }
    if (ended && hasBody) {
      to.end(sent.trailers());
    }
  }

  /** It goes nowhere until there is another endpoint. */
  void holdBack() {
    client.pause();
    relay = null;
  }

  /** Takes ownership of {@code data}. */
  Outcome data(ByteBuf data) {
    sent.add(data);
    BodyRelay to = relay;
    if (to == null) {
      // Read before the client was paused.
      data.release();
      return sent.isWhole() ? Outcome.TAKEN : Outcome.LOST;
    }
    if (data.readableBytes() > limit - to.bytes()) {
      data.release();
      return Outcome.TOO_LARGE;
    }
    to.data(data);
    return Outcome.TAKEN;
  }

  /** The client has nothing more at the moment. */
  void dataPaused() {
    if (relay != null) {
      relay.dataPaused();
    }
  }

  void end(@Nullable Headers trailers) {
    ended = true;
    sent.end(trailers);
    if (relay != null) {
      relay.end(trailers);
    }
  }

  /** Bytes of another protocol follow. */
  void goOn() {
    ended = false;
  }

  /** The endpoint takes bytes again. */
  void writable() {
    if (relay != null) {
      relay.writable();
    }
  }

  /** It is not sent again. */
  void forget() {
    sent.release();
  }

  /** Whether all that was sent is still there, to be sent again. */
  boolean isWhole() {
    return sent.isWhole();
  }

  /** Whether all of it came. */
  boolean isEnded() {
    return ended;
  }

  /** Whether it flows, and some of it did. */
  boolean hasBegun() {
    return relay != null && relay.bytes() > 0;
  }

  /** Whether the client waits for the endpoint. */
  boolean isStopped() {
    return relay != null && relay.isStopped();
  }

  /** Whether the client waits for an endpoint that has taken some within this time. */
  boolean isTaking(Duration within) {
    return relay != null && relay.isTaking(within);
  }

  /** How many bytes the endpoint got. */
  long bytes() {
    return relay == null ? 0 : relay.bytes();
  }
}
