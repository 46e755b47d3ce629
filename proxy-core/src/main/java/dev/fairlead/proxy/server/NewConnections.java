package dev.fairlead.proxy.server;

import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections whose first request has not come yet: in a TLS handshake, before it, or in a
 * head. There are only so many. For each further one the oldest of them ends, so that whoever comes
 * gets in, however many others hold handshakes and heads open; who has asked once is out of their
 * reach. Each event loop has its share, as they get connections in turns.
 */
final class NewConnections {

  private final PerLoop<OfLoop> byLoop;
  private final LongAdder ended = new LongAdder();
  private final RareWarning tooMany = new RareWarning(System::nanoTime);
  private final String sentence;

  NewConnections(EventLoopGroup loops, int limit) {
    int count = 0;
    for (EventExecutor _ : loops) {
      count++;
    }
    int share = Math.ceilDiv(limit, count);
    this.byLoop = new PerLoop<>(loops, loop -> new OfLoop(share));
    this.sentence =
        "%d connections have not sent a request yet, the oldest is closed for each further one"
                .formatted(limit)
            + " (limits.new-connections)";
  }

  /** A connection begins. On its event loop. */
  void add(Channel connection) {
    of(connection).add(connection);
  }

  /** Its first request has come, or it has ended. On its event loop. */
  void remove(Channel connection) {
    of(connection).remove(connection);
  }

  /** How many there are. From any thread. */
  int count() {
    return byLoop.all().stream().mapToInt(share -> share.count).sum();
  }

  /** How many were ended for a further one. From any thread. */
  long ended() {
    return ended.sum();
  }

  private OfLoop of(Channel connection) {
    return byLoop.of(connection.eventLoop());
  }

  private final class OfLoop {

    private final int limit;

    /** The oldest first. */
    private final LinkedHashSet<Channel> connections = new LinkedHashSet<>();

    /** For other threads. */
    private volatile int count;

    OfLoop(int limit) {
      this.limit = limit;
    }

    void add(Channel connection) {
      if (connections.size() >= limit) {
        end(connections.removeFirst());
      }
      connections.add(connection);
      count = connections.size();
      connection.closeFuture().addListener(_ -> remove(connection));
    }

    void remove(Channel connection) {
      connections.remove(connection);
      count = connections.size();
    }

    private void end(Channel oldest) {
      ended.increment();
      tooMany.tell(sentence);
      // Not through the pipeline: TLS would say goodbye, and wait for that to be taken.
      oldest.unsafe().close(oldest.unsafe().voidPromise());
    }
  }
}
