package dev.fairlead.proxy.codec.http1;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * A client that sends nothing more: it may wait for its answer, or it has left, which looks the
 * same (RFC 9293 §3.6) until something is written to it. So the answer goes on as long as it moves,
 * and a client to whom nothing was written for a while is taken for one that has left. Event loop
 * only.
 */
final class HalfClosed {

  private static final long SILENCE_SECONDS = 5;

  private HalfClosed() {}

  /** Looks after the answer that is written now, until it has ended. */
  static void watch(Http1Server server, Http1ClientStream stream) {
    stream.hasMoved();
    look(server, stream);
  }

  private static void look(Http1Server server, Http1ClientStream stream) {
    Channel channel = server.channel();
    channel
        .eventLoop()
        .schedule(
            () -> {
              if (!server.isAnswering(stream) || !channel.isOpen()) {
                return;
              }
              // One that does not take what was written is there.
              if (stream.hasMoved() || !channel.isWritable()) {
                look(server, stream);
              } else {
                server.lost(stream);
              }
            },
            SILENCE_SECONDS,
            TimeUnit.SECONDS);
  }
}
