package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest.Version;
import dev.fairlead.proxy.message.RequestHead;
import dev.fairlead.proxy.message.ResponseHead;
import dev.fairlead.proxy.message.UpstreamStream;
import dev.fairlead.proxy.testing.TestLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of one connection to an app without a network: an app that says any frames, and
 * exchanges that the test plays. Time stands still unless it is told to go on.
 */
final class AppPeer implements AutoCloseable, Http2Upstream.Owner {

  private static final int PREFACE_BYTES = 24;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder((name, value) -> false);
  private final Http2Upstream connection;
  private final ByteBuf rest = Unpooled.buffer();

  int relieved;
  int ended;

  private AppPeer(HeadBudget heads) {
    channel.freezeTime();
    connection = new Http2Upstream(channel, false, heads);
    connection.owner(this);
    channel.pipeline().addLast(connection);
  }

  /** A connection on which the app has not said anything. */
  static AppPeer silent() {
    return silent(TestLimits.anyHeads());
  }

  private static AppPeer silent(HeadBudget heads) {
    AppPeer peer = new AppPeer(heads);
    peer.collect();
    peer.rest.skipBytes(PREFACE_BYTES);
    peer.frames();
    return peer;
  }

  /** A connection after the SETTINGS of both sides. */
  static AppPeer open() {
    return open(TestLimits.anyHeads());
  }

  /** One of several that share this. */
  static AppPeer open(HeadBudget heads) {
    AppPeer peer = silent(heads).settings();
    peer.frames();
    peer.relieved = 0;
    return peer;
  }

  Http2Upstream connection() {
    return connection;
  }

  @Override
  public void relieved(Http2Upstream of) {
    relieved++;
  }

  @Override
  public void ended(Http2Upstream of) {
    ended++;
  }

  // ---- what the exchanges ask for

  /** A request without a body, sent. */
  Call get() {
    return send("GET", 0);
  }

  /** A request whose body follows. */
  Call post() {
    Call call = send("POST", RequestHead.CHUNKED);
    channel.runPendingTasks();
    return call;
  }

  Call send(String method, long length) {
    return send(method, length, new Headers());
  }

  Call send(String method, long length, Headers headers) {
    Call call = new Call(connection.open());
    call.stream.send(
        new RequestHead(Version.HTTP_2, method, "a.test", "a.test", "/", "", headers, length, null),
        call);
    return call;
  }

  /** One request, as its exchange sees it. */
  static final class Call implements UpstreamStream.Listener {

    final UpstreamStream stream;
    final List<ResponseHead> heads = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean broken;
    int ends;
    int writables;
    @Nullable Headers trailers;
    @Nullable Throwable cause;

    Call(UpstreamStream stream) {
      this.stream = stream;
    }

    Call write(int bytes) {
      stream.write(Unpooled.wrappedBuffer(new byte[bytes]));
      return this;
    }

    int status() {
      return heads.getLast().status();
    }

    /** Whether it ended well, and did so once. */
    boolean isComplete() {
      return ends == 1 && cause == null;
    }

    /** Whether it was given up, and ended in no other way. */
    boolean isLost() {
      return ends == 0 && cause != null;
    }

    @Override
    public void head(ResponseHead head) {
      heads.add(head);
      breakDown();
    }

    @Override
    public void data(ByteBuf data) {
      body.writeBytes(ByteBufUtil.getBytes(data));
      data.release();
      breakDown();
    }

    @Override
    public void dataPaused() {}

    @Override
    public void end(@Nullable Headers fields) {
      ends++;
      trailers = fields;
      breakDown();
    }

    private void breakDown() {
      if (broken) {
        throw new IllegalStateException("broken");
      }
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

  // ---- what the app says

  /** SETTINGS, with ids and values by turns. */
  AppPeer settings(int... idsAndValues) {
    ByteBuf frame = Unpooled.buffer();
    FrameWriter.settings(frame, idsAndValues);
    return say(frame);
  }

  /** A HEADERS frame with these names and values. */
  AppPeer head(int stream, boolean last, String... fields) {
    return frame(
        Frames.HEADERS, Frames.END_HEADERS | (last ? Frames.END_STREAM : 0), stream, block(fields));
  }

  /** A head of 200 whose body follows. */
  AppPeer ok(int stream, String... fields) {
    List<String> all = new ArrayList<>(List.of(":status", "200"));
    all.addAll(List.of(fields));
    return head(stream, false, all.toArray(String[]::new));
  }

  byte[] block(String... fields) {
    ByteBuf block = Unpooled.buffer();
    try {
      // One by one: Netty would put pseudo-fields first.
      for (int i = 0; i < fields.length; i += 2) {
        encoder.encodeHeaders(
            1, new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]), block);
      }
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    byte[] bytes = ByteBufUtil.getBytes(block);
    block.release();
    return bytes;
  }

  AppPeer data(int stream, int bytes, boolean last) {
    return frame(Frames.DATA, last ? Frames.END_STREAM : 0, stream, new byte[bytes]);
  }

  AppPeer reset(int stream, ErrorCode code) {
    return frame(Frames.RST_STREAM, 0, stream, Peer.int32(code.code()));
  }

  AppPeer goAway(int lastStream, ErrorCode code) {
    ByteBuf frame = Unpooled.buffer();
    FrameWriter.goAway(lastStream, code, "", frame);
    return say(frame);
  }

  AppPeer windowUpdate(int stream, int increment) {
    return frame(Frames.WINDOW_UPDATE, 0, stream, Peer.int32(increment));
  }

  AppPeer ping() {
    return frame(Frames.PING, 0, 0, new byte[8]);
  }

  AppPeer frame(int type, int flags, int stream, byte[] payload) {
    return say(Unpooled.wrappedBuffer(Peer.bytes(type, flags, stream, payload)));
  }

  private AppPeer say(ByteBuf bytes) {
    channel.runPendingTasks();
    if (channel.isOpen()) {
      channel.writeInbound(bytes);
    } else {
      bytes.release();
    }
    return this;
  }

  // ---- what it gets

  /** The frames that came since the last call. */
  List<Peer.Frame> frames() {
    collect();
    List<Peer.Frame> frames = new ArrayList<>();
    while (rest.readableBytes() >= Frames.HEADER_BYTES) {
      int length = rest.readUnsignedMedium();
      int type = rest.readUnsignedByte();
      int flags = rest.readUnsignedByte();
      int stream = rest.readInt();
      byte[] payload = new byte[length];
      rest.readBytes(payload);
      frames.add(new Peer.Frame(type, flags, stream, payload));
    }
    rest.discardReadBytes();
    return frames;
  }

  List<Peer.Frame> frames(int type) {
    return frames().stream().filter(frame -> frame.type() == type).toList();
  }

  private void collect() {
    channel.runPendingTasks();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      rest.writeBytes(bytes);
      bytes.release();
    }
  }

  /** The code with which the proxy has ended the connection; null when it has not. */
  @Nullable ErrorCode ending() {
    for (Peer.Frame frame : frames(Frames.GOAWAY)) {
      for (ErrorCode code : ErrorCode.values()) {
        if (frame.isGoAway(code)) {
          return code;
        }
      }
    }
    return null;
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

  /** The app closes the connection. */
  void disconnect() {
    channel.close();
    channel.runPendingTasks();
  }

  /** Lets time go on, and what is due happen. */
  AppPeer after(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
    return this;
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    rest.release();
    encoder.close();
  }
}
