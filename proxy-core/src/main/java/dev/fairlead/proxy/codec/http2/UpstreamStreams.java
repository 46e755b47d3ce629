package dev.fairlead.proxy.codec.http2;

import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection to an endpoint, and the window that they share. Event loop only.
 */
final class UpstreamStreams {

  private final EventLoop loop;
  private final Outbound outbound;
  private final Runnable onEnd;
  private final PeerSettings settings = new PeerSettings();
  private final ReceiveWindow window = new ReceiveWindow(Limits.UPSTREAM_CONNECTION_WINDOW);
  private final IntObjectHashMap<Http2UpstreamStream> open = new IntObjectHashMap<>(8);
  private int last = -1;

  /** Whether the endpoint has said what it wishes. */
  private boolean settled;

  /**
   * @param onEnd told when a stream has ended
   */
  UpstreamStreams(EventLoop loop, Outbound outbound, Runnable onEnd) {
    this.loop = loop;
    this.outbound = outbound;
    this.onEnd = onEnd;
  }

  EventLoop eventLoop() {
    return loop;
  }

  /** What the endpoint wishes. */
  PeerSettings settings() {
    return settings;
  }

  /** The endpoint's first SETTINGS have come. */
  void settle() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }

  /** How many more may begin; not more than one before it is known how many that are. */
  int room() {
    long limit = settled ? Math.min(Limits.UPSTREAM_STREAMS, settings.maxStreams()) : 1;
    return last >= Frames.MAX_STREAM_ID - 2 ? 0 : (int) Math.max(0, limit - open.size());
  }

  int size() {
    return open.size();
  }

  /** Whether any has begun so far. */
  boolean haveBegun() {
    return last > 0;
  }

  /** Whether this number was given to a stream. */
  boolean hasBegun(int id) {
    return id % 2 == 1 && id <= last;
  }

  @Nullable Http2UpstreamStream find(int id) {
    return open.get(id);
  }

  List<Http2UpstreamStream> all() {
    return List.copyOf(open.values());
  }

  /** Gives a stream its number. */
  int begin(Http2UpstreamStream stream) {
    last += 2;
    open.put(last, stream);
    return last;
  }

  /**
   * Takes note of DATA. The connection's window is opened again at once, whatever becomes of the
   * bytes: else a few visitors who do not read would stop the answers to all others. What waits is
   * bounded by the windows of the streams.
   *
   * @return whether the endpoint was allowed to send this much
   */
  boolean received(int bytes) {
    boolean allowed = window.receive(bytes);
    int increment = window.consume(bytes);
    if (increment > 0) {
      FrameWriter.windowUpdate(0, increment, outbound.controlFrame());
    }
    return allowed;
  }

  void remove(int id) {
    if (open.remove(id) != null) {
      onEnd.run();
    }
  }
}
