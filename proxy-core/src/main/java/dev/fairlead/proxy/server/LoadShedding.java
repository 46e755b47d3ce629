package dev.fairlead.proxy.server;

import dev.fairlead.proxy.codec.MemoryHolder;
import dev.fairlead.proxy.transport.MemoryGauge;
import dev.fairlead.proxy.transport.PerLoop;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * Closes connections when a memory becomes scarce, those first whose clients hold most of it. Each
 * exchange may keep little waiting, but there are many, and clients who ask and do not read, or who
 * ask for what takes long, would use up what everybody needs. Each event loop closes its own.
 */
final class LoadShedding {

  /** Bytes that a client may hold on an event loop as long as there is anything left. */
  private static final long FAIR_SHARE = 2 * 1024 * 1024;

  /** After a look, what was given back has to be seen before the next. */
  private static final long PAUSE_MILLIS = 10;

  private final PerLoop<OfLoop> byLoop;
  private final List<Kind> kinds;
  private final LongAdder ended = new LongAdder();

  /**
   * @param buffers network buffers in use
   * @param requests heap in use by requests that are under way
   */
  LoadShedding(EventLoopGroup loops, MemoryGauge buffers, MemoryGauge requests) {
    this.byLoop = new PerLoop<>(loops, OfLoop::new);
    this.kinds =
        List.of(
            new Kind("network buffers", buffers, MemoryHolder::bufferBytes),
            new Kind("requests that are under way", requests, MemoryHolder::requestBytes));
    kinds.forEach(kind -> kind.memory.onScarcity(() -> byLoop.all().forEach(OfLoop::lookSoon)));
  }

  /** A memory that can become scarce, and who holds how much of it. */
  private record Kind(
      String name, MemoryGauge memory, ToLongFunction<MemoryHolder> weight, RareWarning scarce) {

    Kind(String name, MemoryGauge memory, ToLongFunction<MemoryHolder> weight) {
      this(name, memory, weight, new RareWarning(System::nanoTime));
    }

    void tell(String client) {
      scarce.tell(
          "memory for %s is scarce (%d of %d MiB): connections are closed, those of %s hold most of it"
              .formatted(name, memory.used() >> 20, memory.limit() >> 20, client));
    }
  }

  /** A connection of a client begins. On its event loop. */
  void add(Channel connection, String client, MemoryHolder holder) {
    OfLoop loop = byLoop.of(connection.eventLoop());
    loop.connections.put(connection, new Held(connection, client, holder));
    connection.closeFuture().addListener(_ -> loop.connections.remove(connection));
  }

  /** How many were closed. From any thread. */
  long ended() {
    return ended.sum();
  }

  private record Held(Channel connection, String client, MemoryHolder holder) {}

  /** What a connection holds at the moment of a look. */
  private record Weight(Held held, long bytes) {}

  private final class OfLoop {

    private final EventLoop loop;
    private final Map<Channel, Held> connections = new LinkedHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    OfLoop(EventLoop loop) {
      this.loop = loop;
    }

    /** From any thread, any number of times. */
    void lookSoon() {
      if (!looking.get() && looking.compareAndSet(false, true)) {
        try {
          loop.execute(this::look);
        } catch (RejectedExecutionException atTheEnd) {
          // Then everything is closed anyway.
        }
      }
    }

    private void look() {
      kinds.forEach(this::shed);
      loop.schedule(() -> looking.set(false), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void shed(Kind kind) {
      long excess = kind.memory.excess();
      if (excess <= 0) {
        return;
      }
      for (List<Weight> client : byClient(kind)) {
        if (total(client) < FAIR_SHARE && !kind.memory.isNearlyUsed()) {
          return;
        }
        client.sort(Comparator.comparingLong(Weight::bytes).reversed());
        for (Weight connection : client) {
          kind.tell(connection.held.client);
          end(connection.held.connection);
          excess -= connection.bytes;
          if (excess <= 0) {
            return;
          }
        }
      }
    }

    /** The connections that hold anything, of each client, and whoever holds most first. */
    private List<List<Weight>> byClient(Kind kind) {
      Map<String, List<Weight>> clients = new HashMap<>();
      for (Held held : connections.values()) {
        long bytes = kind.weight.applyAsLong(held.holder);
        if (bytes > 0) {
          clients.computeIfAbsent(held.client, _ -> new ArrayList<>()).add(new Weight(held, bytes));
        }
      }
      List<List<Weight>> largestFirst = new ArrayList<>(clients.values());
      largestFirst.sort(Comparator.comparingLong(OfLoop::total).reversed());
      return largestFirst;
    }

    private static long total(List<Weight> client) {
      return client.stream().mapToLong(Weight::bytes).sum();
    }

    private void end(Channel connection) {
      ended.increment();
      // Not through the pipeline: what it would say goodbye with needs memory, and time.
      connection.unsafe().close(connection.unsafe().voidPromise());
    }
  }
}
