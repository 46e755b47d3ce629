package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.LingeringClose;
import dev.fairlead.proxy.deadline.Deadline;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.transport.Outflow;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The beginning, the idle times and the end of a connection (RFC 9113 §5.4.1, §6.8). Event loop
 * only.
 */
final class Lifecycle extends Deadline {

  /** The least time between the two GOAWAYs of a graceful end. */
  private static final Duration WARNING = Duration.ofSeconds(1);

  /** How much longer a client may take to answer a PING, where one is sent. */
  private static final Duration FAR_AWAY = Duration.ofSeconds(2);

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
  private final Deadlines.OfLoop queues;
  private final Duration drain;
  private final LimitSettings limits;
  private final Runnable firstRequest;
  private final Runnable onClosed;
  private final Streams streams;
  private final Outbound outbound;
  private final PartialFrame partial = new PartialFrame();
  private final Outflow outflow = new Outflow();

  private State state = State.NEW;
  private int requests;

  /** The process ends: what is under way has so long, and no longer. */
  private boolean draining;

  /** A PING was sent behind the warning, and the client has not answered it. */
  private boolean pingDue;

  /** The warning was sent long enough ago. */
  private boolean timeOver;

  /** It was {@link State#NEW} when {@link #closeUnlessBegun} looked. */
  private boolean seenNew;

  /** The last stream that is looked at, once that was said: it can't be taken back (§6.8). */
  private int lastTaken = Frames.MAX_STREAM_ID;

  /** Runs while the connection is being ended. */
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param drain how long streams have once the process ends
   * @param firstRequest told when it has begun
   * @param onClosed told, also more than once, when nothing that comes matters any more
   */
  Lifecycle(
      Channel channel,
      Deadlines.OfLoop queues,
      Duration drain,
      LimitSettings limits,
      Runnable firstRequest,
      Runnable onClosed,
      Streams streams,
      Outbound outbound) {
    this.channel = channel;
    this.queues = queues;
    this.drain = drain;
    this.limits = limits;
    this.firstRequest = firstRequest;
    this.onClosed = onClosed;
    this.streams = streams;
    this.outbound = outbound;
    queues.head().set(this);
  }

  // ---- what happens

  /** The client's first SETTINGS came. */
  void begun() {
    if (state == State.NEW) {
      state = State.OPEN;
      queues.keepAlive().set(this);
      if (draining) {
        warnAndAsk();
      }
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
    moved();
    if (state != State.CLOSED) {
      partial.look(reader);
    }
  }

  /** Nothing more comes for the moment. */
  void readComplete() {
    endWhenDone();
  }

  /** What could be sent was. */
  void turnEnded() {
    moved();
    endWhenDone();
  }

  /** A request has begun; the last one that there may be ends the connection. */
  void requestBegun() {
    if (requests == 0) {
      firstRequest.run();
    }
    if (++requests == limits.requestsPerConnection() && state == State.OPEN) {
      warn("enough requests");
    }
  }

  /**
   * Lets the streams end, within a limit, and closes the connection then. A client that has not
   * begun has its first requests on their way: it is told when it has.
   */
  void drain() {
    draining = true;
    if (state == State.OPEN) {
      warnAndAsk();
    } else if (state == State.GOING) {
      limitTheRest();
    }
  }

  /** Closes what had not begun already when this was called the last time. */
  void closeUnlessBegun() {
    if (state == State.NEW && seenNew) {
      close(ErrorCode.NO_ERROR, "draining");
    }
    seenNew = state == State.NEW;
  }

  private void warnAndAsk() {
    warn("draining");
    pingDue = true;
    FrameWriter.ping(PING_CONTENT, false, outbound.controlFrame());
  }

  // No request may be lost: some may be on their way (RFC 9113 §6.8). Who has answered a PING has
  // read the warning; but some clients go on to begin for a moment what they had chosen this
  // connection for, so it is not enough.
  private void warn(String reason) {
    goAway(Frames.MAX_STREAM_ID, ErrorCode.NO_ERROR, reason);
    state = State.WARNED;
    cancel();
    after(WARNING, this::warnedLongAgo);
  }

  private void warnedLongAgo() {
    timeOver = true;
    if (pingDue) {
      after(FAR_AWAY, this::go);
    } else {
      go();
    }
  }

  /** The client answered a PING. */
  void ponged(long content) {
    if (content == PING_CONTENT && state == State.WARNED) {
      pingDue = false;
      if (timeOver) {
        go();
      }
    }
  }

  /** The client broke the protocol. */
  void failed(ConnectionError error) {
    close(error.code(), String.valueOf(error.getMessage()));
  }

  /** The connection is gone. */
  void gone(Throwable cause) {
    state = State.CLOSED;
    onClosed.run();
    streams.all().forEach(stream -> streams.lost(stream, cause));
    outbound.drop();
    cancelAll();
  }

  // ---- ends

  private void go() {
    lastTaken = streams.last();
    goAway(lastTaken, ErrorCode.NO_ERROR, "this was the last request");
    state = State.GOING;
    cancelTimer();
    if (draining) {
      limitTheRest();
    }
    endWhenDone();
  }

  private void limitTheRest() {
    after(drain, () -> close(ErrorCode.NO_ERROR, "draining took too long"));
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
    state = State.CLOSED;
    ConnectionLostException cause =
        new ConnectionLostException("the connection was ended: " + reason);
    streams.all().forEach(stream -> streams.lost(stream, cause));
    closeChannel();
  }

  private void closeChannel() {
    state = State.CLOSED;
    onClosed.run();
    outbound.close();
    cancelAll();
    queues.progress().set(this);
    LingeringClose.close(channel);
  }

  private void goAway(int lastStream, ErrorCode code, String reason) {
    FrameWriter.goAway(lastStream, code, reason, outbound.controlFrame());
  }

  // ---- deadlines

  private void moved() {
    if (state == State.OPEN) {
      touch();
    }
  }

  /** Of the SETTINGS, of an idle connection, or of the last bytes on their way to the client. */
  @Override
  protected void expired() {
    if (state == State.CLOSED) {
      closeUnlessTaken();
    } else if (state == State.NEW) {
      close(ErrorCode.NO_ERROR, "no SETTINGS came in time");
    } else if (streams.size() > 0) {
      queues.keepAlive().set(this);
    } else {
      close(ErrorCode.NO_ERROR, "idle");
    }
  }

  private void closeUnlessTaken() {
    Duration turn = queues.progress().length();
    if (outflow.hasMoved(channel, limits.minRate().bytesIn(turn), turn)) {
      queues.progress().set(this);
    } else {
      channel.close();
    }
  }

  private void after(Duration time, Runnable next) {
    cancelTimer();
    timer = channel.eventLoop().schedule(next, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void cancelAll() {
    cancel();
    partial.cancel();
    cancelTimer();
  }

  /** Of a frame or a header block that has begun. */
  private final class PartialFrame extends Deadline {

    private long frame;

    void look(FrameReader reader) {
      if (!reader.isWaiting()) {
        cancel();
      } else if (!isSet() || frame != reader.finished()) {
        frame = reader.finished();
        queues.head().set(this);
      }
    }

    @Override
    protected void expired() {
      close(ErrorCode.NO_ERROR, "a frame did not come in time");
    }
  }
}
