package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.deadline.DeadlineQueue;
import dev.fairlead.proxy.message.ClientInfo;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of one connection, and the window that they share. Event loop only. */
final class Streams {

  private final EventLoop loop;
  private final ClientInfo client;
  private final Outbound outbound;
  private final DeadlineQueue progress;
  private final ReceiveWindow window = new ReceiveWindow(Limits.CONNECTION_WINDOW);
  private final IntObjectHashMap<Http2Stream> open = new IntObjectHashMap<>(8);
  private final ClosedStreams closed;
  private final DeclinedRequests declinedRequests;
  private final LimitSettings limits;
  private int last;
  private long received;

  Streams(
      EventLoop loop,
      ClientInfo client,
      Outbound outbound,
      DeadlineQueue progress,
      LimitSettings limits) {
    this.loop = loop;
    this.client = client;
    this.outbound = outbound;
    this.progress = progress;
    this.limits = limits;
    this.closed = new ClosedStreams(limits.streams());
    this.declinedRequests = new DeclinedRequests(loop, outbound);
  }

  EventLoop eventLoop() {
    return loop;
  }

  ClientInfo client() {
    return client;
  }

  /** In what turns a client is looked at that has not taken the end of a response yet. */
  DeadlineQueue progress() {
    return progress;
  }

  /** What it has to take in such a turn. */
  long minBytes(Duration turn) {
    return limits.minRate().bytesIn(turn);
  }

  // ---- which there are

  @Nullable Http2Stream find(int id) {
    return open.get(id);
  }

  /** The highest stream that the client began so far. */
  int last() {
    return last;
  }

  /** Whether the client began this stream, or passed its number over. The proxy begins none. */
  boolean hasBegun(int id) {
    return id <= last && id % 2 == 1;
  }

  int size() {
    return open.size();
  }

  /** Whether no more may begin. */
  boolean isFull() {
    return open.size() >= limits.streams();
  }

  /** The streams that are open now; the list stays as it is. */
  List<Http2Stream> all() {
    return List.copyOf(open.values());
  }

  /** How many bytes of all of them wait for the client, or of it. */
  long heldBytes() {
    long bytes = 0;
    for (Http2Stream stream : open.values()) {
      bytes += stream.heldBytes();
    }
    return bytes;
  }

  /** How a stream that is not open came to its end. */
  ClosedStreams.How ended(int id) {
    return closed.find(id);
  }

  /** The client uses this number, which is higher than {@link #last}. */
  void began(int id) {
    last = id;
  }

  void add(Http2Stream stream) {
    open.put(stream.id(), stream);
  }

  // ---- windows

  /** Whether the client was allowed to send this much. */
  boolean received(int bytes) {
    received += bytes;
    return window.receive(bytes);
  }

  /** Bytes of DATA frames that came. */
  long receivedBytes() {
    return received;
  }

  /** Bytes of DATA frames are kept no more. */
  void consumed(int bytes) {
    int increment = window.consume(bytes);
    if (increment > 0) {
      FrameWriter.windowUpdate(0, increment, outbound.controlFrame());
    }
  }

  // ---- ends

  /** The response was sent to its end. */
  void sent(Http2Stream stream) {
    boolean declined = !stream.input().isEnded();
    if (declined) {
      declinedRequests.add(stream.id());
    }
    remove(stream, declined, null);
  }

  /** The client has ended a stream that was not open here any more. */
  void endedLate(int id) {
    declinedRequests.ended(id);
  }

  /** Ends a stream from here, whose exchange knows. */
  void reset(Http2Stream stream, ErrorCode code) {
    reset(stream.id(), code);
    remove(stream, true, null);
  }

  /** Ends a stream from here, and its exchange. */
  void fail(Http2Stream stream, ErrorCode code, Throwable cause) {
    reset(stream.id(), code);
    remove(stream, true, cause);
  }

  /** Ends a stream that is not open. */
  void refuse(int id, ErrorCode code) {
    reset(id, code);
    closed.add(id, true);
  }

  /** What will come for this stream is not looked at. */
  void ignore(int id) {
    closed.add(id, true);
  }

  /** The client has ended a stream, or the connection is gone. */
  void lost(Http2Stream stream, Throwable cause) {
    remove(stream, false, cause);
  }

  private void reset(int id, ErrorCode code) {
    FrameWriter.resetStream(id, code, outbound.controlFrame());
  }

  private void remove(Http2Stream stream, boolean resetHere, @Nullable Throwable cause) {
    open.remove(stream.id());
    closed.add(stream.id(), resetHere);
    stream.close(cause);
  }
}
