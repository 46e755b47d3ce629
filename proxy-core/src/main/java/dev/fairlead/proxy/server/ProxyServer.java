package dev.fairlead.proxy.server;

import dev.fairlead.config.bootstrap.ForwardedSettings;
import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.ListenAddress;
import dev.fairlead.config.bootstrap.ListenerSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.config.bootstrap.TrustSettings;
import dev.fairlead.config.routing.RoutingSpec;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.forward.AccessLog;
import dev.fairlead.proxy.forward.BodyBudget;
import dev.fairlead.proxy.forward.ForwardContext;
import dev.fairlead.proxy.forward.HttpChallenges;
import dev.fairlead.proxy.forward.OpenAttempts;
import dev.fairlead.proxy.forward.RequestEntry;
import dev.fairlead.proxy.health.HealthWatch;
import dev.fairlead.proxy.http.Identification;
import dev.fairlead.proxy.snapshot.Snapshot;
import dev.fairlead.proxy.snapshot.SnapshotPublisher;
import dev.fairlead.proxy.tls.CertificateIndex;
import dev.fairlead.proxy.tls.TlsChallenges;
import dev.fairlead.proxy.tls.UpstreamContexts;
import dev.fairlead.proxy.transport.MemoryGauge;
import dev.fairlead.proxy.transport.ReadBuffers;
import dev.fairlead.proxy.transport.Transport;
import dev.fairlead.proxy.upstream.UpstreamConnector;
import dev.fairlead.proxy.upstream.UpstreamPools;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane's door: event loops, listeners and what they share, put together. What is
 * published is used by every request from then on; requests under way go on with what they began
 * with. All methods are for control threads; none is called on an event loop.
 */
public final class ProxyServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  /** The part of the heap that unfinished large heads of requests may take. */
  private static final int REQUESTS_PART = 8;

  /** Of answers: apart from those, so that clients cannot take the room that their answers need. */
  private static final int ANSWERS_PART = 16;

  /** The part of the heap that requests may take that are under way. */
  private static final int UNDER_WAY_PART = 4;

  /** Of bodies that are kept to be sent again, which most are not. */
  private static final int BODIES_PART = 32;

  private final HeadBudget requestHeads;
  private final HeadBudget answerHeads;
  private final BodyBudget bodies;
  private final Connections connections;
  private final NewConnections newConnections;
  private final LoadShedding shedding;
  private final SnapshotPublisher snapshots;
  private final EventLoopGroup acceptor;
  private final EventLoopGroup loops;
  private final UpstreamContexts upstreamTls = new UpstreamContexts();
  private final ChannelGroup toEndpoints =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final UpstreamPools pools;
  private final HealthWatch health;
  private final Duration drain;
  private final List<Listener> bound = new CopyOnWriteArrayList<>();
  private final Listener http;
  private final Listener https;

  private ProxyServer(
      ListenerSettings listeners,
      TrustSettings trust,
      TimeoutSettings timeouts,
      LimitSettings limits,
      long heapBytes,
      byte[] stickyKey,
      ForwardedSettings forwarded,
      CertificateIndex certificates,
      HttpChallenges httpChallenges,
      TlsChallenges tlsChallenges,
      AccessLog log)
      throws IOException {
    requestHeads = heads(heapBytes / REQUESTS_PART, heapBytes / UNDER_WAY_PART, "requests");
    answerHeads = heads(heapBytes / ANSWERS_PART, Long.MAX_VALUE, "answers of apps");
    bodies = new BodyBudget(heapBytes / BODIES_PART);
    snapshots = new SnapshotPublisher(System::nanoTime, new StickyTokens(stickyKey));
    Transport transport = Transport.best();
    acceptor = transport.loops("accept", 1);
    connections = new Connections(limits, this::reviewRoom);
    loops = transport.loops("loop", Runtime.getRuntime().availableProcessors());
    newConnections = new NewConnections(loops, limits.newConnections());
    MemoryGauge memory = MemoryGauge.ofBuffers();
    shedding = new LoadShedding(loops, memory, requestHeads.underWay());
    ReadBuffers buffers = new ReadBuffers(memory);
    drain = timeouts.drain();
    pools =
        new UpstreamPools(
            loops,
            new UpstreamConnector(
                transport,
                buffers,
                timeouts.handshake(),
                upstreamTls,
                answerHeads,
                toEndpoints::add),
            System::nanoTime);
    OpenAttempts attempts = new OpenAttempts(loops);
    health = new HealthWatch(snapshots, pools, attempts::silent, attempts::gone, System::nanoTime);
    Deadlines deadlines = new Deadlines(loops, timeouts);
    ServerPipelines pipelines =
        new ServerPipelines(
            timeouts,
            limits,
            requestHeads,
            deadlines,
            newConnections,
            shedding,
            new RequestEntry(
                new ForwardContext(
                    snapshots,
                    pools,
                    deadlines,
                    listeners.publicHttpsPort(),
                    new Identification(trust, forwarded),
                    httpChallenges,
                    log,
                    System::nanoTime,
                    timeouts,
                    limits,
                    bodies,
                    attempts)),
            connections::isDraining);
    ClientConnections clients =
        new ClientConnections(
            connections,
            newConnections,
            pipelines,
            trust,
            timeouts,
            new RareWarning(System::nanoTime));
    http = listen("http", listeners.http(), transport, buffers, clients.plain());
    https =
        listen(
            "https",
            listeners.https(),
            transport,
            buffers,
            clients.tls(certificates, tlsChallenges));
    LOG.info(
        "listening on {} for http and {} for https, by {}",
        http.address(),
        https.address(),
        transport);
  }

  private static HeadBudget heads(long bytes, long underWay, String of) {
    RareWarning refused = new RareWarning(System::nanoTime);
    String sentence =
        "heads of %s that have not come to their end hold %d MB, further large ones are refused"
            .formatted(of, bytes >> 20);
    return new HeadBudget(bytes, underWay, () -> refused.tell(sentence));
  }

  private Listener listen(
      String name,
      ListenAddress address,
      Transport transport,
      ReadBuffers buffers,
      ChannelInitializer<Channel> handlers)
      throws IOException {
    try {
      Listener listener =
          Listener.bind(
              name, address, transport, acceptor, loops, buffers, connections::accepted, handlers);
      bound.add(listener);
      return listener;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Binds the ports. Clients can connect from now on, and are served from {@link #activate} on.
   *
   * @param trust whom is believed what they say of their clients
   * @param heapBytes the most that the heap can be; heads that have not come to their end may take
   *     a part of it
   * @param stickyKey signs what clients are given to stay with a task; a secret of all instances
   * @param forwarded what apps are told of requests
   * @param certificates may be empty, and change at any time
   * @throws IOException with a sentence for the operator when a port can't be had; then none is
   *     bound
   */
  public static ProxyServer bind(
      ListenerSettings listeners,
      TrustSettings trust,
      TimeoutSettings timeouts,
      LimitSettings limits,
      long heapBytes,
      byte[] stickyKey,
      ForwardedSettings forwarded,
      CertificateIndex certificates,
      HttpChallenges httpChallenges,
      TlsChallenges tlsChallenges,
      AccessLog log)
      throws IOException {
    return new ProxyServer(
        listeners,
        trust,
        timeouts,
        limits,
        heapBytes,
        stickyKey,
        forwarded,
        certificates,
        httpChallenges,
        tlsChallenges,
        log);
  }

  // On the one thread that accepts: whatever changed last, what is true then is what holds.
  private void reviewRoom() {
    Runnable review = () -> bound.forEach(listener -> listener.accept(connections.hasRoom()));
    try {
      if (acceptor.next().inEventLoop()) {
        review.run(); // before it accepts the next one
      } else {
        acceptor.execute(review);
      }
    } catch (RejectedExecutionException over) {
      LOG.debug("nothing is accepted any more", over);
    }
  }

  /** Serves those who connected, and all who will. */
  public void activate() {
    health.start();
    http.activate();
    https.activate();
    reviewRoom(); // those who waited may be as many as there may be
  }

  /** Makes {@code spec} what is routed. From any thread. */
  public void publish(RoutingSpec spec) {
    upstreamTls.prepare(spec);
    snapshots.publish(spec);
    pools.sweep();
  }

  /**
   * What clients are given to stay with a task is signed with this from now on. From any thread.
   *
   * @param key a secret of all instances
   */
  public void stickyKey(byte[] key) {
    snapshots.stickyTokens(new StickyTokens(key));
  }

  public InetSocketAddress httpAddress() {
    return http.address();
  }

  public InetSocketAddress httpsAddress() {
    return https.address();
  }

  /** How many connections of clients are open. */
  public int openConnections() {
    return connections.size();
  }

  /** How many connections of clients were accepted since the start. */
  public long connectionsAccepted() {
    return connections.allAccepted();
  }

  /** How many of the open ones have not sent a request yet. */
  public int newConnections() {
    return newConnections.count();
  }

  /** How many connections were closed before their first request, for the sake of newer ones. */
  public long newConnectionsEnded() {
    return newConnections.ended();
  }

  /** Bytes of heap that unfinished heads hold, of requests and answers, beyond small ones. */
  public long unfinishedHeadBytes() {
    return requestHeads.counted() + answerHeads.counted();
  }

  /** Bytes of heap that requests under way hold, about. */
  public long underWayBytes() {
    return requestHeads.underWay().used();
  }

  /** Bytes of heap that bodies take that may have to be sent again. */
  public long keptBodyBytes() {
    return bodies.taken();
  }

  /** How many connections were closed because memory was scarce. */
  public long connectionsShed() {
    return shedding.ended();
  }

  /** How often an endpoint was left out because it failed. */
  public long ejections() {
    return health.ejected();
  }

  /** How many connections to endpoints were made since the start, those of checks too. */
  public long connectionsToEndpoints() {
    return pools.connectionsOpened();
  }

  /** How many requests were sent to endpoints since the start; each try is one. */
  public long requestsSent() {
    return pools.requestsSent();
  }

  /** How many of them were sent on connections that had carried others before. */
  public long requestsOnReusedConnections() {
    return pools.requestsOnReused();
  }

  /** How many exchanges the endpoints that are routed to now are at work on. */
  public int inFlight() {
    Snapshot snapshot = snapshots.current();
    return snapshot == null ? 0 : snapshot.inFlight();
  }

  /** How many requests wait for an endpoint, or for room at one. */
  public int waiting() {
    Snapshot snapshot = snapshots.current();
    return snapshot == null ? 0 : snapshot.waiting();
  }

  /**
   * Serves who still comes, closes the ports, lets what is under way end, and closes the rest, all
   * within {@link TimeoutSettings#drain}; what is published meanwhile is used. Blocks.
   *
   * @return how many connections had to be cut
   */
  public int drain() throws InterruptedException {
    return new Drain(connections, bound, drain).run();
  }

  /** Whether clients are told to come no more. */
  public boolean isDraining() {
    return connections.isDraining();
  }

  /** Ends everything at once. */
  @Override
  public void close() {
    // Netty's loops forget sockets now and then when they end with some open.
    health.close();
    bound.forEach(Listener::close);
    connections.cut();
    Connections.cut(toEndpoints);
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
