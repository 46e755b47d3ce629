package dev.fairlead.proxy.codec.http2;

import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests that were answered before their end: their clients are told that nobody wants the rest
 * (RFC 9113 §8.1). Not together with the response, as curl 7.88 then loses it. Event loop only.
 */
final class DeclinedRequests {

  /** Meanwhile a client sends no more than its window has left. */
  private static final int AFTER_MILLIS = 100;

  private final EventLoop loop;
  private final Outbound outbound;

  /** Their streams' numbers. Made when first needed. */
  private @Nullable Set<Integer> streams;

  DeclinedRequests(EventLoop loop, Outbound outbound) {
    this.loop = loop;
    this.outbound = outbound;
  }

  /** The whole response was sent. */
  void add(int stream) {
    if (streams == null) {
      streams = new HashSet<>();
    }
    streams.add(stream);
    loop.schedule(() -> decline(stream), AFTER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The client has ended the stream, in whatever way, or it is no declined one. */
  void ended(int stream) {
    if (streams != null) {
      streams.remove(stream);
    }
  }

  private void decline(int stream) {
    if (streams != null && streams.remove(stream)) {
      FrameWriter.resetStream(stream, ErrorCode.NO_ERROR, outbound.controlFrame());
    }
  }
}
