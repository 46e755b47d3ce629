package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.LingeringClose;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The beginning, the idle times and the end of a connection (RFC 9113 §5.4.1, §6.8). All of its
 * deadlines share one timer, which runs out when the next may be due and looks then. Event loop
 * only.
 */
final class Lifecycle {

  /** How long a client has to answer, between the two GOAWAYs of a graceful end. */
  private static final long PONG_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long PING_CONTENT = 0x6661_6972_6c65_6164L;

  private enum State {
    /** The client has not sent its SETTINGS. */
    NEW,
    OPEN,
    /** The client was told to begin no more streams, but some may be on their way. */
    WARNED,
    /** Streams that begin now are not looked at. */
    GOING,
    /** All was said; the socket is being closed. */
    CLOSED
  }

  private final Channel channel;
  private final TimeoutSettings timeouts;
  private final Streams streams;
  private final Outbound outbound;
  private final Runnable look = this::look;

  private State state = State.NEW;
  private long stateSinceNanos;

  /** The last stream that is looked at, once that was said: it can't be taken back (§6.8). */
  private int lastTaken = Frames.MAX_STREAM_ID;

  private long movedNanos;

  /** Since when the same frame or header block is incomplete. */
  private long partialSinceNanos;

  private boolean partial;
  private long partialFrame;

  private @Nullable ScheduledFuture<?> timer;
  private long dueNanos;

  Lifecycle(Channel channel, TimeoutSettings timeouts, Streams streams, Outbound outbound) {
    this.channel = channel;
    this.timeouts = timeouts;
    this.streams = streams;
    this.outbound = outbound;
    movedNanos = nanoTime();
    enter(State.NEW);
    lookIn(timeouts.header().toNanos());
  }

  // ---- what happens

  /** The client's first SETTINGS came. */
  void begun() {
    if (state == State.NEW) {
      enter(State.OPEN);
      lookIn(timeouts.keepAlive().toNanos());
    }
  }

  /** Whether nothing that comes matters any more. */
  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether new streams are not looked at. */
  boolean isGoing() {
    return state == State.GOING || state == State.CLOSED;
  }

  /** Bytes came. */
  void read(FrameReader reader) {
    movedNanos = nanoTime();
    if (!reader.isWaiting()) {
      partial = false;
    } else if (!partial || partialFrame != reader.finished()) {
      partial = true;
      partialFrame = reader.finished();
      partialSinceNanos = movedNanos;
      lookIn(timeouts.header().toNanos());
    }
  }

  /** Nothing more comes for the moment. */
  void readComplete() {
    endWhenDone();
  }

  /** What could be sent was. */
  void turnEnded() {
    movedNanos = nanoTime();
    endWhenDone();
    if (streams.hasWaitingEnds() && state != State.CLOSED) {
      lookIn(waitingEnds(movedNanos));
    }
  }

  /** Lets the streams end, and closes the connection then. */
  void drain() {
    if (state == State.NEW) {
      close(ErrorCode.NO_ERROR, "draining");
    } else if (state == State.OPEN) {
      goAway(Frames.MAX_STREAM_ID, ErrorCode.NO_ERROR, "draining");
      FrameWriter.ping(PING_CONTENT, false, outbound.controlFrame());
      enter(State.WARNED);
      lookIn(PONG_NANOS);
    }
  }

  /** The client answered a PING. */
  void ponged(long content) {
    if (content == PING_CONTENT && state == State.WARNED) {
      go();
    }
  }

  /** The client broke the protocol. */
  void failed(ConnectionError error) {
    close(error.code(), String.valueOf(error.getMessage()));
  }

  /** The connection is gone. */
  void gone(Throwable cause) {
    enter(State.CLOSED);
    streams.all().forEach(stream -> streams.lost(stream, cause));
    outbound.drop();
    cancel();
  }

  // ---- ends

  private void go() {
    lastTaken = streams.last();
    goAway(lastTaken, ErrorCode.NO_ERROR, "draining");
    enter(State.GOING);
    lookIn(timeouts.drain().toNanos());
    endWhenDone();
  }

  private void endWhenDone() {
    if (state == State.GOING && streams.size() == 0) {
      closeChannel();
    }
  }

  private void close(ErrorCode code, String reason) {
    if (state == State.CLOSED) {
      return;
    }
    goAway(Math.min(streams.last(), lastTaken), code, reason);
    enter(State.CLOSED);
    ConnectionLostException cause =
        new ConnectionLostException("the connection was ended: " + reason);
    streams.all().forEach(stream -> streams.lost(stream, cause));
    closeChannel();
  }

  private void closeChannel() {
    enter(State.CLOSED);
    outbound.close();
    cancel();
    lookIn(timeouts.header().toNanos());
    LingeringClose.close(channel);
  }

  private void goAway(int lastStream, ErrorCode code, String reason) {
    FrameWriter.goAway(lastStream, code, reason, outbound.controlFrame());
  }

  private void enter(State next) {
    state = next;
    stateSinceNanos = nanoTime();
  }

  // ---- deadlines

  private void look() {
    timer = null;
    long now = nanoTime();
    long next =
        switch (state) {
          case NEW -> endIn(timeouts.header(), stateSinceNanos, now, "no SETTINGS came in time");
          case OPEN -> open(now);
          case WARNED -> {
            long left = stateSinceNanos + PONG_NANOS - now;
            if (left <= 0) {
              go();
              left = timeouts.drain().toNanos();
            }
            yield left;
          }
          case GOING -> endIn(timeouts.drain(), stateSinceNanos, now, "draining took too long");
          case CLOSED -> {
            channel.close();
            yield 0;
          }
        };
    next = Math.min(next, Math.min(partial(now), waitingEnds(now)));
    if (state != State.CLOSED) {
      lookIn(next);
    }
  }

  private long open(long now) {
    if (streams.size() > 0) {
      return timeouts.keepAlive().toNanos();
    }
    return endIn(timeouts.keepAlive(), movedNanos, now, "idle");
  }

  private long partial(long now) {
    return partial && state != State.CLOSED
        ? endIn(timeouts.header(), partialSinceNanos, now, "a frame did not come in time")
        : Long.MAX_VALUE;
  }

  // Resets the streams whose response the client does not take; when to look again.
  private long waitingEnds(long now) {
    long limit = timeouts.idle().toNanos();
    long next = Long.MAX_VALUE;
    if (streams.hasWaitingEnds()) {
      for (Http2Stream stream : streams.all()) {
        long waiting = stream.waitingNanos(now);
        if (waiting >= limit) {
          streams.reset(stream, ErrorCode.CANCEL);
        } else if (waiting >= 0) {
          next = Math.min(next, limit - waiting);
        }
      }
    }
    return next;
  }

  private long endIn(Duration limit, long since, long now, String reason) {
    long left = since + limit.toNanos() - now;
    if (left <= 0) {
      close(ErrorCode.NO_ERROR, reason);
    }
    return left;
  }

  // At that time at the latest.
  private void lookIn(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      return;
    }
    long due = nanoTime() + nanos;
    if (timer != null) {
      if (dueNanos - due <= 0) {
        return;
      }
      timer.cancel(false);
    }
    dueNanos = due;
    timer = channel.eventLoop().schedule(look, nanos, TimeUnit.NANOSECONDS);
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private long nanoTime() {
    return channel.eventLoop().ticker().nanoTime();
  }
}
