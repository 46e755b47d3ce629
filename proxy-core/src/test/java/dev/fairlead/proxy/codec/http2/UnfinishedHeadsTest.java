package dev.fairlead.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.message.ConnectionEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What header blocks whose ends have not come may take of the memory together. */
class UnfinishedHeadsTest {

  private static final int LIMIT = 100_000;
  private static final int LARGE = 12_000;

  private final HeadBudget heads = new HeadBudget(LIMIT, Long.MAX_VALUE, () -> {});

  private Peer withUnfinishedBlock() {
    Peer peer = Peer.open(heads);
    return peer.frame(Frames.HEADERS, Frames.END_STREAM, peer.nextStream(1), block(peer, LARGE));
  }

  private Peer withUnfinishedFrame() {
    Peer peer = Peer.open(heads);
    byte[] frame =
        Peer.bytes(Frames.HEADERS, Frames.END_HEADERS, peer.nextStream(1), block(peer, LARGE));
    return peer.say(Arrays.copyOf(frame, frame.length - 1));
  }

  /** The header block of a GET with one large field; no string of it is compressed. */
  private static byte[] block(Peer peer, int bytes) {
    byte[] get =
        peer.block(
            1, ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", "/", "x", "");
    byte[] block = Arrays.copyOf(get, get.length - 1 + 3 + bytes);
    // The length of the value, in place of that of the empty one (RFC 7541 §5.1).
    int at = get.length - 1;
    block[at++] = 0x7f;
    int rest = bytes - 0x7f;
    block[at++] = (byte) (0x80 | (rest & 0x7f));
    block[at++] = (byte) (rest >> 7);
    Arrays.fill(block, at, block.length, (byte) 'y');
    return block;
  }

  @Test
  void whichComeInSeveralFramesTheOneTooManyEndsItsConnection() {
    fill(this::withUnfinishedBlock);
  }

  @Test
  void whichComeInOneFrameTheOneTooManyEndsItsConnection() {
    fill(this::withUnfinishedFrame);
  }

  private void fill(Supplier<Peer> unfinished) {
    List<Peer> held = new ArrayList<>();
    Peer refused = unfinished.get();
    while (refused.isOpen() && refused.frames(Frames.GOAWAY).isEmpty()) {
      held.add(refused);
      assertThat(held).hasSizeLessThan(LIMIT / (LARGE - 6000));
      refused = unfinished.get();
    }
    assertThat(held).hasSizeGreaterThan(LIMIT / (2 * LARGE) - 1);
    assertThat(heads.counted()).isBetween(LIMIT - 2L * LARGE, (long) LIMIT);
    refused.close();

    try (Peer small = Peer.open(heads);
        Peer longButComplete = Peer.open(heads)) {
      small.head(
          small.nextStream(1),
          true,
          ":method",
          "GET",
          ":scheme",
          "https",
          ":authority",
          "a.test",
          ":path",
          "/",
          "x",
          "~".repeat(3000));
      assertThat(small.app(0).request).isNotNull();

      held.removeFirst().close();
      longButComplete.frame(
          Frames.HEADERS,
          Frames.END_HEADERS | Frames.END_STREAM,
          longButComplete.nextStream(1),
          block(longButComplete, LARGE));
      assertThat(longButComplete.app(0).request).isNotNull();
    }
    held.forEach(Peer::close);
    assertThat(heads.counted()).isZero();
  }

  @Test
  void theOneTooManyIsToldToBeCalm() {
    HeadBudget none = new HeadBudget(0, Long.MAX_VALUE, () -> {});
    try (Peer peer = Peer.open(none)) {
      peer.frame(Frames.HEADERS, 0, peer.nextStream(1), block(peer, LARGE));

      assertThat(peer.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
      assertThat(peer.apps()).isEmpty();
      assertThat(none.counted()).isZero();
    }
  }

  @Test
  void aFrameTakesNoMoreThanHasComeOfIt() {
    try (Peer peer = Peer.open(heads)) {
      byte[] frame =
          Peer.bytes(Frames.HEADERS, 0, peer.nextStream(1), new byte[Frames.MAX_PAYLOAD]);
      peer.say(Arrays.copyOf(frame, 1000));

      assertThat(heads.counted()).isZero();
    }
  }

  @Test
  void everyFrameThatIsKeptCounts() {
    for (int type : List.of(Frames.SETTINGS, Frames.GOAWAY)) {
      try (Peer peer = Peer.open(heads)) {
        byte[] frame = Peer.bytes(type, 0, 0, new byte[LARGE]);
        peer.say(Arrays.copyOf(frame, frame.length - 1));
        assertThat(heads.counted()).isGreaterThan(LARGE / 2);

        peer.say(Arrays.copyOfRange(frame, frame.length - 1, frame.length));
        assertThat(heads.counted()).isZero();
      }
    }
  }

  /** Ways in which a header block, of which a part has come, ends. */
  @SuppressWarnings("ImmutableEnumChecker") // The ways keep nothing.
  enum End {
    COMPLETE(peer -> continuation(peer, Frames.END_HEADERS, 0)),
    COMPLETE_WITH_MORE(
        peer -> {
          continuation(peer, 0, 0);
          continuation(peer, Frames.END_HEADERS, 0);
        }),
    TOO_LARGE(
        peer -> {
          for (int i = 0; i < 5; i++) {
            continuation(peer, 0, Frames.MAX_PAYLOAD);
          }
        }),
    NO_HPACK(peer -> continuation(peer, Frames.END_HEADERS, 1)),
    INTERRUPTED(Peer::ping),
    TOO_LONG_A_FRAME(peer -> continuation(peer, 0, Frames.MAX_PAYLOAD + 1)),
    LATE(peer -> peer.late(Peer.TIMEOUTS.header())),
    CLIENT_GONE(peer -> peer.channel().close()),
    BROKEN(peer -> peer.channel().pipeline().fireExceptionCaught(new IllegalStateException("x"))),
    DRAINED(
        peer -> {
          peer.channel().pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
          peer.after(Duration.ofSeconds(1)).after(Duration.ofSeconds(2));
          peer.after(Peer.TIMEOUTS.drain());
        });

    private final Consumer<Peer> way;

    End(Consumer<Peer> way) {
      this.way = way;
    }

    private static void continuation(Peer peer, int flags, int bytes) {
      byte[] zeros = new byte[bytes];
      peer.frame(Frames.CONTINUATION, flags, peer.lastStream(), zeros);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheEndIsNothingIsHeldThen(End end) {
    try (Peer peer = withUnfinishedBlock()) {
      assertThat(heads.counted()).isGreaterThan(LARGE / 2);

      end.way.accept(peer);
      assertThat(heads.counted()).isZero();

      // And nothing by what still comes.
      peer.frame(Frames.CONTINUATION, 0, peer.lastStream(), new byte[LARGE]);
      if (!peer.isOpen() || !peer.frames(Frames.GOAWAY).isEmpty()) {
        assertThat(heads.counted()).isZero();
      }
    }
    assertThat(heads.counted()).isZero();
  }

  @Test
  void nothingIsKeptWhileAConnectionThatWasEndedLingers() {
    try (Peer peer = withUnfinishedFrame()) {
      peer.channel().pipeline().addFirst(new TakesNothing());
      peer.late(Peer.TIMEOUTS.header());

      assertThat(peer.isOpen()).isTrue();
      assertThat(heads.counted()).isZero();
      peer.say(new byte[LARGE]);
      assertThat(heads.counted()).isZero();
    }
  }

  /** A socket that is full: what is written stays unsent. */
  private static final class TakesNothing extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
    }
  }

  @Test
  void trailersCountToo() {
    try (Peer peer = Peer.open(heads)) {
      int stream = peer.nextStream(1);
      peer.post(stream).app(0).listen();
      peer.frame(Frames.HEADERS, Frames.END_STREAM, stream, new byte[LARGE]);
      assertThat(heads.counted()).isGreaterThan(LARGE / 2);

      peer.reset(stream);
      assertThat(heads.counted()).isZero();
    }
  }

  @Test
  void anAnswerThatIsOneTooManyEndsTheConnectionToTheApp() {
    try (AppPeer first = AppPeer.open(heads);
        AppPeer second = AppPeer.open(new HeadBudget(0, Long.MAX_VALUE, () -> {}))) {
      for (AppPeer app : List.of(first, second)) {
        AppPeer.Call call = app.get();
        app.frame(Frames.HEADERS, 0, 1, new byte[LARGE]);
        assertThat(call.isLost()).isEqualTo(app == second);
      }
      assertThat(second.frames()).anyMatch(frame -> frame.isGoAway(ErrorCode.ENHANCE_YOUR_CALM));
      assertThat(heads.counted()).isGreaterThan(LARGE / 2);

      // Breaks it: no frame may come in between.
      first.ping();
      assertThat(heads.counted()).isZero();
    }
  }

  @Test
  void theHeadsOfAnswersAreGivenBackWhenTheyAreCompleteOrTheConnectionEnds() {
    try (AppPeer complete = AppPeer.open(heads)) {
      AppPeer.Call call = complete.get();
      byte[] block = complete.block(":status", "200", "x", "~".repeat(LARGE));
      byte[] begin = Arrays.copyOf(block, block.length - 100);
      complete.frame(Frames.HEADERS, 0, 1, begin);
      assertThat(heads.counted()).isGreaterThan(LARGE / 2);
      complete.frame(
          Frames.CONTINUATION,
          Frames.END_HEADERS,
          1,
          Arrays.copyOfRange(block, begin.length, block.length));
      assertThat(call.status()).isEqualTo(200);
      assertThat(heads.counted()).isZero();
    }
    AppPeer gone = AppPeer.open(heads);
    gone.get();
    gone.frame(Frames.HEADERS, 0, 1, new byte[LARGE]);
    assertThat(heads.counted()).isGreaterThan(LARGE / 2);
    gone.close();
    assertThat(heads.counted()).isZero();
  }
}
