package dev.fairlead.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.routing.Balance;
import dev.fairlead.config.routing.ClusterPolicy;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.Scheme;
import dev.fairlead.config.routing.UpstreamSpec;
import dev.fairlead.proxy.cluster.Clusters;
import dev.fairlead.proxy.cluster.Endpoint;
import dev.fairlead.proxy.cluster.StickyTokens;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.testing.Http2Origin;
import dev.fairlead.proxy.testing.Origin;
import dev.fairlead.proxy.testing.TestLimits;
import dev.fairlead.proxy.tls.UpstreamContexts;
import dev.fairlead.proxy.transport.MemoryGauge;
import dev.fairlead.proxy.transport.ReadBuffers;
import dev.fairlead.proxy.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long connections to tasks are used, by a clock of the test. */
class UpstreamPoolTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final UpstreamSpec H2C = new UpstreamSpec(Scheme.H2C, Optional.empty(), false);

  private final Transport transport = Transport.best();
  private final EventLoopGroup loops = transport.loops("test", 1);
  private final EventLoop loop = loops.next();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final UpstreamConnector connector =
      new UpstreamConnector(
          transport,
          new ReadBuffers(MemoryGauge.ofBuffers()),
          LIMIT,
          new UpstreamContexts(),
          TestLimits.anyHeads(),
          channel -> {});

  /** Each of its connections may get as old as any. */
  private final UpstreamPool pool = new UpstreamPool(loop, connector, now::get, () -> 0L);

  private final CountDownLatch goOn = new CountDownLatch(1);

  /** Says which of its connections a request came by; {@code /slow} waits. */
  private final Origin app =
      Origin.answering(
          (request, connection) -> {
            if (request.target().equals("/slow")) {
              goOn.await();
            }
            Origin.ok(connection, String.valueOf(connection.socket().getPort()));
          });

  private final Http2Origin http2App =
      Http2Origin.plain(
          stream -> {
            if (stream.field(":path").equals("/slow")) {
              goOn.await();
            }
            stream.answer("answer");
          });

  private final Endpoint endpoint = endpoint(UpstreamSpec.PLAIN, app.endpoint());
  private final Endpoint http2Endpoint = endpoint(H2C, http2App.endpoint());

  @AfterEach
  void end() {
    app.close();
    http2App.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void theConnectionThatWasUsedLastIsUsedNext() throws Exception {
    Call first = ask(endpoint, "/slow");
    String second = ask(endpoint, "/").body();
    goOn.countDown();
    String last = first.body();

    assertThat(last).isNotEqualTo(second);
    for (int i = 0; i < 5; i++) {
      Call call = ask(endpoint, "/");
      assertThat(call.body()).isEqualTo(last);
      assertThat(call.reused.get()).isTrue();
    }
    assertThat(connector.opened()).isEqualTo(2);
  }

  @Test
  void oneThatIsIdleForTooLongIsClosed() throws Exception {
    ask(endpoint, "/").body();
    ask(http2Endpoint, "/").body();
    after(Duration.ofSeconds(55));
    sweep();
    assertThat(idle()).isEqualTo(2);
    after(Duration.ofNanos(1));
    sweep();

    assertThat(idle()).isZero();
    await().until(() -> app.openConnections() == 0 && http2App.openConnections() == 0);
  }

  @Test
  void oneInUseIsNotPutBackWhenItIsAnHourOld() throws Exception {
    Call slow = ask(endpoint, "/slow");
    assertThat(slow.reused.get(10, TimeUnit.SECONDS)).isFalse();
    after(Duration.ofHours(1));
    goOn.countDown();

    assertThat(slow.body()).isNotEmpty();
    await().until(() -> app.openConnections() == 0);
    assertThat(idle()).isZero();
  }

  @Test
  void anIdleOneIsNotTakenWhenItIsAnHourOld() throws Exception {
    Call slow = ask(endpoint, "/slow");
    assertThat(slow.reused.get(10, TimeUnit.SECONDS)).isFalse();
    after(Duration.ofHours(1).minusNanos(1));
    goOn.countDown();
    String old = slow.body();
    assertThat(ask(endpoint, "/").body()).isEqualTo(old);
    after(Duration.ofNanos(1));

    Call next = ask(endpoint, "/");
    assertThat(next.body()).isNotEqualTo(old);
    assertThat(next.reused.get()).isFalse();
    await().until(() -> app.openConnections() == 1);
  }

  @Test
  void anIdleOneIsClosedWhenItIsAnHourOld() throws Exception {
    Call slow = ask(endpoint, "/slow");
    assertThat(slow.reused.get(10, TimeUnit.SECONDS)).isFalse();
    after(Duration.ofHours(1).minusNanos(1));
    goOn.countDown();
    slow.body();
    sweep();
    assertThat(idle()).isEqualTo(1);
    after(Duration.ofNanos(1));
    sweep();

    assertThat(idle()).isZero();
    await().until(() -> app.openConnections() == 0);
  }

  @Test
  void oneOfHttp2TakesNothingNewWhenItIsAnHourOldAndEndsWhenItsStreamsHaveEnded() throws Exception {
    Call slow = ask(http2Endpoint, "/slow");
    assertThat(slow.reused.get(10, TimeUnit.SECONDS)).isFalse();
    await().until(() -> http2App.requests() == 1);
    after(Duration.ofHours(1).minusNanos(1));
    sweep();
    assertThat(ask(http2Endpoint, "/").body()).isEqualTo("answer");
    assertThat(http2App.connections()).isEqualTo(1);
    after(Duration.ofNanos(1));
    sweep();

    Call next = ask(http2Endpoint, "/");
    assertThat(next.body()).isEqualTo("answer");
    assertThat(next.reused.get()).isFalse();
    assertThat(http2App.connections()).isEqualTo(2);
    assertThat(http2App.openConnections()).isEqualTo(2);
    goOn.countDown();
    assertThat(slow.body()).isEqualTo("answer");
    await().until(() -> http2App.openConnections() == 1);
  }

  @Test
  void oneOfHttp2NoticesThatItIsAnHourOldWhenAStreamEnds() throws Exception {
    Call slow = ask(http2Endpoint, "/slow");
    assertThat(slow.reused.get(10, TimeUnit.SECONDS)).isFalse();
    await().until(() -> http2App.requests() == 1);
    after(Duration.ofHours(1));
    goOn.countDown();

    assertThat(slow.body()).isEqualTo("answer");
    await().until(() -> http2App.openConnections() == 0);
  }

  private static Endpoint endpoint(UpstreamSpec upstream, EndpointSpec address) {
    ClusterSpec spec =
        new ClusterSpec("app", ClusterPolicy.of(Balance.P2C), upstream, List.of(address));
    return new Clusters(new StickyTokens(new byte[] {1}))
        .update(List.of(spec), 0).values().stream()
            .flatMap(cluster -> cluster.endpoints().stream())
            .findFirst()
            .orElseThrow();
  }

  private void after(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void sweep() throws Exception {
    loop.submit(pool::sweep).get(10, TimeUnit.SECONDS);
  }

  private int idle() throws Exception {
    return loop.submit(pool::idleConnections).get(10, TimeUnit.SECONDS);
  }

  private Call ask(Endpoint of, String path) {
    Call call = new Call(path);
    UpstreamPool.Need need = new UpstreamPool.Need(true, false, LIMIT, null);
    loop.execute(() -> pool.acquire(of, need, call));
    return call;
  }

  /** A GET request. */
  private static final class Call implements UpstreamPool.Borrower, UpstreamStream.Listener {

    private final String path;
    private final CompletableFuture<Boolean> reused = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    Call(String path) {
      this.path = path;
    }

    String body() throws Exception {
      return end.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void acquired(UpstreamStream stream, boolean hasServed) {
      reused.complete(hasServed);
      stream.send(
          new RequestHead(
              RawRequest.Version.HTTP_1_1,
              "GET",
              "a.test",
              "a.test",
              path,
              "",
              new Headers().add("Host", "a.test"),
              0,
              null),
          this);
    }

    @Override
    public void failed(Throwable cause) {
      reused.completeExceptionally(cause);
      end.completeExceptionally(cause);
    }

    @Override
    public void head(ResponseHead head) {}

    @Override
    public void data(ByteBuf data) {
      text.append(data.toString(StandardCharsets.UTF_8));
      data.release();
    }

    @Override
    public void dataPaused() {}

    @Override
    public void end(@Nullable Headers trailers) {
      end.complete(text.toString());
    }

    @Override
    public void writable() {}

    @Override
    public void aborted(Throwable cause) {
      failed(cause);
    }
  }
}
