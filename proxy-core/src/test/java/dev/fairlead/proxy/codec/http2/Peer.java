package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.config.bootstrap.TimeoutSettings;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.deadline.Deadlines;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.ClientInfo;
import dev.fairlead.proxy.message.ClientStream;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.StreamListener;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of one connection without a network: a client that says any frames, and apps that the
 * test plays. Time stands still unless it is told to go on. Field sections are written and read by
 * Netty's HPACK. Long, as it has a word for each frame that a test says or sees.
 */
final class Peer implements AutoCloseable {

  static final TimeoutSettings TIMEOUTS =
      new TimeoutSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(20));

  static final LimitSettings LIMITS = new TestLimits().settings();

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder((name, value) -> false);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final List<App> apps = new ArrayList<>();
  private final ByteBuf rest = Unpooled.buffer();
  private int lastStream;
  private int firstRequests;

  /** A connection before its preface. */
  static Peer silent() {
    return silent(LIMITS);
  }

  /** The same with other limits. */
  static Peer silent(LimitSettings limits) {
    return silent(limits, TestLimits.anyHeads());
  }

  private static Peer silent(LimitSettings limits, HeadBudget heads) {
    Peer peer = new Peer();
    peer.channel.freezeTime();
    peer.channel
        .pipeline()
        .addLast(
            new Http2Connection(
                peer.channel,
                new ClientInfo("192.0.2.1", true, null),
                peer.new Apps(),
                TIMEOUTS.drain(),
                new Deadlines(peer.channel.eventLoop(), TIMEOUTS).of(peer.channel.eventLoop()),
                limits,
                heads,
                () -> peer.firstRequests++));
    return peer;
  }

  /** A connection after the SETTINGS of both sides. */
  static Peer open() {
    return open(LIMITS);
  }

  /** The same with other limits. */
  static Peer open(LimitSettings limits) {
    return begun(silent(limits));
  }

  /** One of several that share this. */
  static Peer open(HeadBudget heads) {
    return begun(silent(LIMITS, heads));
  }

  private static Peer begun(Peer peer) {
    peer.preface().settings();
    peer.frames();
    return peer;
  }

  /** One frame. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Frame(int type, int flags, int stream, byte[] payload) {

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    int int32(int at) {
      return Unpooled.wrappedBuffer(payload).getInt(at);
    }

    boolean isReset(int of, ErrorCode code) {
      return type == Frames.RST_STREAM && stream == of && int32(0) == code.code();
    }

    boolean isGoAway(ErrorCode code) {
      return type == Frames.GOAWAY && int32(4) == code.code();
    }

    String text() {
      return new String(payload, StandardCharsets.ISO_8859_1);
    }
  }

  // ---- what the client says

  Peer preface() {
    return say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** SETTINGS, with ids and values by turns. */
  Peer settings(int... idsAndValues) {
    ByteBuf frame = Unpooled.buffer();
    FrameWriter.settings(frame, idsAndValues);
    return say(take(frame));
  }

  /** The number of a stream that is yet to begin; {@code skip} 1 is the next that there is. */
  int nextStream(int skip) {
    lastStream += lastStream == 0 ? 1 + 2 * (skip - 1) : 2 * skip;
    return lastStream;
  }

  /** The last number that {@link #nextStream} gave; 0 when it gave none. */
  int lastStream() {
    return lastStream;
  }

  Peer ping() {
    return frame(Frames.PING, 0, 0, new byte[8]);
  }

  Peer windowUpdate(int stream, int increment) {
    return frame(Frames.WINDOW_UPDATE, 0, stream, int32(increment));
  }

  Peer reset(int stream) {
    return frame(Frames.RST_STREAM, 0, stream, int32(ErrorCode.CANCEL.code()));
  }

  Peer data(int stream, int bytes, boolean last) {
    return frame(Frames.DATA, last ? Frames.END_STREAM : 0, stream, new byte[bytes]);
  }

  /** A GET without a body. */
  Peer get(int stream) {
    return head(
        stream, true, ":method", "GET", ":scheme", "https", ":authority", "a.test", ":path", "/");
  }

  /** A POST whose body follows. */
  Peer post(int stream, String... fields) {
    List<String> all =
        new ArrayList<>(
            List.of(":method", "POST", ":scheme", "https", ":authority", "a.test", ":path", "/"));
    all.addAll(List.of(fields));
    return head(stream, false, all.toArray(String[]::new));
  }

  /** A HEADERS frame with these names and values. */
  Peer head(int stream, boolean last, String... fields) {
    return frame(
        Frames.HEADERS,
        Frames.END_HEADERS | (last ? Frames.END_STREAM : 0),
        stream,
        block(stream, fields));
  }

  byte[] block(int stream, String... fields) {
    ByteBuf block = Unpooled.buffer();
    try {
      // One by one: Netty would put pseudo-fields first.
      for (int i = 0; i < fields.length; i += 2) {
        Http2Headers field = new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]);
        encoder.encodeHeaders(stream, field, block);
      }
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    return take(block);
  }

  Peer frame(int type, int flags, int stream, byte[] payload) {
    return say(bytes(type, flags, stream, payload));
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    FrameWriter.header(type, flags, stream, payload.length, frame);
    frame.writeBytes(payload);
    return take(frame);
  }

  Peer say(byte[] bytes) {
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }
    return this;
  }

  private static byte[] take(ByteBuf buffer) {
    byte[] bytes = ByteBufUtil.getBytes(buffer);
    buffer.release();
    return bytes;
  }

  static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  // ---- what it gets

  /** The frames that came since the last call. */
  List<Frame> frames() {
    channel.runPendingTasks();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      rest.writeBytes(bytes);
      bytes.release();
    }
    List<Frame> frames = new ArrayList<>();
    while (rest.readableBytes() >= Frames.HEADER_BYTES) {
      int length = rest.readUnsignedMedium();
      int type = rest.readUnsignedByte();
      int flags = rest.readUnsignedByte();
      int stream = rest.readInt();
      byte[] payload = new byte[length];
      rest.readBytes(payload);
      frames.add(new Frame(type, flags, stream, payload));
    }
    rest.discardReadBytes();
    return frames;
  }

  List<Frame> frames(int type) {
    return frames().stream().filter(frame -> frame.type() == type).toList();
  }

  /** The fields of a HEADERS frame. Each block in its order, or the tables get out of step. */
  Http2Headers fields(Frame head) throws Http2Exception {
    return decoder.decodeHeaders(head.stream(), Unpooled.wrappedBuffer(head.payload()));
  }

  /** How many bytes of the bodies came in these frames. */
  static int dataBytes(List<Frame> frames, int stream) {
    return frames.stream()
        .filter(frame -> frame.type() == Frames.DATA && frame.stream() == stream)
        .mapToInt(frame -> frame.payload().length)
        .sum();
  }

  boolean isOpen() {
    channel.runPendingTasks();
    return channel.isOpen();
  }

  /** Makes the socket take nothing, or again. */
  void writable(boolean on) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, on);
    channel.runPendingTasks();
  }

  EmbeddedChannel channel() {
    return channel;
  }

  /** Lets time go on, and what is due happen. */
  Peer after(Duration time) {
    for (long left = time.toNanos(); left > 0; left -= STEP_NANOS) {
      channel.advanceTimeBy(Math.min(left, STEP_NANOS), TimeUnit.NANOSECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
    return this;
  }

  /** Lets so much time go on that a deadline of this length has run out. */
  Peer late(Duration deadline) {
    return after(deadline.multipliedBy(9).dividedBy(8));
  }

  /** How often it was told that the first request has come. */
  int firstRequests() {
    return firstRequests;
  }

  // ---- the apps

  List<App> apps() {
    return apps;
  }

  App app(int index) {
    return apps.get(index);
  }

  private final class Apps implements RequestHandler {

    @Override
    public void handle(ClientStream stream, RawRequest request) {
      apps.add(new App(stream, request, null));
    }

    @Override
    public void refuse(ClientStream stream, Failure failure) {
      App app = new App(stream, null, failure);
      app.ended = true;
      apps.add(app);
      stream.respond(new ResponseHead(failure.status(), new Headers()));
      stream.end(null);
    }
  }

  /** One request, as its exchange sees it. */
  static final class App implements StreamListener {

    final ClientStream stream;
    final @Nullable RawRequest request;
    final @Nullable Failure failure;
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean answered;
    boolean ended;
    boolean broken;
    int pauses;
    int ends;
    int writables;
    @Nullable Headers trailers;
    @Nullable Throwable cause;

    App(ClientStream stream, @Nullable RawRequest request, @Nullable Failure failure) {
      this.stream = stream;
      this.request = request;
      this.failure = failure;
    }

    /** Takes the body. */
    App listen() {
      stream.listener(this);
      stream.resume();
      return this;
    }

    App respond(int status, String... fields) {
      Headers headers = new Headers();
      for (int i = 0; i < fields.length; i += 2) {
        headers.add(fields[i], fields[i + 1]);
      }
      stream.respond(new ResponseHead(status, headers));
      return this;
    }

    App write(int bytes) {
      stream.write(Unpooled.wrappedBuffer(new byte[bytes]));
      return this;
    }

    void end() {
      stream.end(null);
    }

    @Override
    public void data(ByteBuf data) {
      body.writeBytes(take(data));
      if (broken) {
        throw new IllegalStateException("broken");
      }
    }

    @Override
    public void dataPaused() {
      pauses++;
    }

    @Override
    public void end(@Nullable Headers fields) {
      ends++;
      trailers = fields;
    }

    @Override
    public void writable() {
      writables++;
    }

    @Override
    public void aborted(Throwable why) {
      cause = why;
    }
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    rest.release();
    encoder.close();
  }
}
