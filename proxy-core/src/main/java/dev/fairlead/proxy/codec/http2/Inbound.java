package dev.fairlead.proxy.codec.http2;

import dev.fairlead.config.bootstrap.LimitSettings;
import dev.fairlead.proxy.codec.ConnectionLostException;
import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.RequestHandler;
import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.codec.hpack.HpackDecoder;
import dev.fairlead.proxy.codec.hpack.HpackException;
import dev.fairlead.proxy.http.Failure;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.RawRequest;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames become requests and bodies, by the states of the streams (RFC 9113 §5.1); what concerns
 * the connection as such goes to {@link Lifecycle}. Event loop only.
 */
final class Inbound implements FrameListener {

  private static final FieldSink NOBODY = (name, nameAt, nameLength, value, valueAt, length) -> {};

  private final RequestHandler requests;
  private final Streams streams;
  private final Outbound outbound;
  private final FloodGuard guard;
  private final Lifecycle lifecycle;
  private final LimitSettings limits;

  private final PeerSettings settings = new PeerSettings();
  private final HpackDecoder hpack = new HpackDecoder(Limits.TABLE_BYTES);
  private final Authorities authorities = new Authorities();
  private final HeaderBlock block;
  private final HeadBudget.Share budget;

  /** The stream and the end of the header block, or of the DATA, that is being read. */
  private int current;

  private boolean currentEnds;

  /** Who gets the data of the current frame; null when nobody does. */
  private @Nullable Http2Stream receiver;

  private final List<Http2Stream> touched = new ArrayList<>();

  Inbound(
      RequestHandler requests,
      Streams streams,
      Outbound outbound,
      FloodGuard guard,
      Lifecycle lifecycle,
      LimitSettings limits,
      HeadBudget.Share budget) {
    this.requests = requests;
    this.streams = streams;
    this.outbound = outbound;
    this.guard = guard;
    this.lifecycle = lifecycle;
    this.limits = limits;
    this.budget = budget;
    this.block = new HeaderBlock(limits.headerBytes(), budget, this::decode);
  }

  /** Nothing more is read: gives up the header block that has not come to its end. */
  void stop() {
    block.clear();
  }

  /** Nothing more comes for the moment. */
  void readComplete() {
    // By index: what a stream does now may not touch others.
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).readComplete();
    }
    touched.clear();
  }

  // ---- header blocks

  @Override
  public void headers(
      int stream, byte[] bytes, int from, int length, boolean endStream, boolean endHeaders)
      throws ConnectionError {
    current = stream;
    currentEnds = endStream;
    block.begin(bytes, from, length, endHeaders);
  }

  @Override
  public void continuation(byte[] bytes, int from, int length, boolean endHeaders)
      throws ConnectionError {
    block.add(bytes, from, length, endHeaders);
  }

  private void decode(byte[] bytes, int from, int length) throws ConnectionError, HpackException {
    Http2Stream stream = streams.find(current);
    if (stream != null) {
      FieldReader fields = new FieldReader(authorities, limits, true);
      hpack.decode(bytes, from, length, fields);
      trailers(stream, fields);
    } else if (current > streams.last()) {
      begin(bytes, from, length);
    } else {
      hpack.decode(bytes, from, length, NOBODY);
      late();
    }
  }

  private void begin(byte[] bytes, int from, int length) throws ConnectionError, HpackException {
    int id = current;
    if (id % 2 == 0) {
      throw ConnectionError.protocol("a client begins streams of odd numbers only");
    }
    streams.began(id);
    if (lifecycle.isGoing()) {
      // The client was told that it is not looked at (RFC 9113 §6.8).
      hpack.decode(bytes, from, length, NOBODY);
      streams.ignore(id);
      guard.idleFrame();
      return;
    }
    if (streams.isFull()) {
      hpack.decode(bytes, from, length, NOBODY);
      refuse(id, ErrorCode.REFUSED_STREAM);
      return;
    }
    FieldReader fields = new FieldReader(authorities, limits, false);
    hpack.decode(bytes, from, length, fields);
    Failure failure = fields.failure();
    RawRequest request = fields.request(currentEnds);
    if (request == null && failure == null) {
      refuse(id, ErrorCode.PROTOCOL_ERROR);
      return;
    }
    guard.usefulFrame(0);
    Http2Stream stream = open(id, fields.isToHead(), failure == null ? fields.contentLength() : -1);
    stream.countedFor(budget, request == null ? 0 : request.headers().maxWireBytes());
    try {
      if (failure != null) {
        requests.refuse(stream, failure);
      } else if (request != null) {
        requests.handle(stream, request);
      }
    } catch (RuntimeException e) {
      streams.fail(stream, ErrorCode.INTERNAL_ERROR, e);
    }
  }

  private Http2Stream open(int id, boolean toHead, long contentLength) {
    StreamInput input = new StreamInput(Limits.STREAM_WINDOW, contentLength);
    if (currentEnds) {
      // What a length of a body that does not follow means, the rules of every version say.
      input.end(null);
    }
    Http2Stream stream =
        new Http2Stream(
            id,
            streams,
            outbound,
            input,
            new StreamOutput<>(id, HeadEncoder.RESPONSE, toHead, settings.initialWindow()));
    streams.add(stream);
    lifecycle.requestBegun();
    return stream;
  }

  private void trailers(Http2Stream stream, FieldReader fields) throws ConnectionError {
    if (stream.input().isEnded()) {
      fail(stream, ErrorCode.STREAM_CLOSED, "a head behind the end of the request");
    } else if (!currentEnds || fields.isMalformed() || fields.isTooLarge()) {
      fail(stream, ErrorCode.PROTOCOL_ERROR, "the fields behind the body are malformed");
    } else {
      Headers trailers = fields.headers();
      end(stream, trailers.size() == 0 ? null : trailers);
    }
  }

  // A head of such a stream has to be its last frame.
  private void late() throws ConnectionError {
    streams.endedLate(current);
    switch (streams.ended(current)) {
      case RESET_HERE -> guard.idleFrame();
      case ENDED ->
          throw new ConnectionError(ErrorCode.STREAM_CLOSED, "a head for a stream that ended");
      case UNKNOWN -> throw ConnectionError.protocol("streams begin in the order of their numbers");
    }
  }

  // ---- bodies

  @Override
  public void dataBegins(int stream, int dataBytes, int paddingBytes, boolean endStream)
      throws ConnectionError {
    receiver = null;
    current = stream;
    currentEnds = endStream;
    if (!streams.received(dataBytes + paddingBytes)) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows");
    }
    needRoom();
    streams.consumed(paddingBytes);
    Http2Stream to = streams.find(stream);
    if (to == null) {
      lateData(stream, dataBytes);
      return;
    }
    if (dataBytes == 0 && !endStream) {
      guard.idleFrame();
    } else {
      guard.usefulFrame(dataBytes);
    }
    ErrorCode wrong = to.input().begins(dataBytes, paddingBytes, endStream);
    if (wrong == null) {
      to.padding(paddingBytes);
      receiver = to;
    } else {
      fail(to, wrong, "the client sent more or less of a body than it may");
    }
  }

  private void lateData(int stream, int bytes) throws ConnectionError {
    needBegun(stream);
    guard.lateFrame(bytes);
    if (currentEnds) {
      streams.endedLate(stream);
    }
    if (streams.ended(stream) != ClosedStreams.How.RESET_HERE) {
      refuse(stream, ErrorCode.STREAM_CLOSED);
    }
  }

  @Override
  public void data(ByteBuf piece) {
    Http2Stream to = receiver;
    if (to == null) {
      streams.consumed(piece.readableBytes());
      piece.release();
      return;
    }
    if (!touched.contains(to)) {
      touched.add(to);
    }
    try {
      to.received(piece);
    } catch (RuntimeException e) {
      streams.fail(to, ErrorCode.INTERNAL_ERROR, e);
    }
  }

  @Override
  public void dataEnds() throws ConnectionError {
    Http2Stream to = receiver;
    if (to != null && currentEnds && streams.find(current) == to) {
      end(to, null);
    }
  }

  private void end(Http2Stream stream, @Nullable Headers trailers) throws ConnectionError {
    if (!stream.input().end(trailers)) {
      fail(stream, ErrorCode.PROTOCOL_ERROR, "the body is shorter than its length");
      return;
    }
    try {
      stream.ended();
    } catch (RuntimeException e) {
      streams.fail(stream, ErrorCode.INTERNAL_ERROR, e);
    }
  }

  // ---- ends of streams

  @Override
  public void resetStream(int id, int code) throws ConnectionError {
    Http2Stream stream = streams.find(id);
    if (stream != null) {
      guard.reset();
      streams.lost(stream, new ConnectionLostException("the client reset the stream"));
    } else {
      needBegun(id);
      guard.idleFrame();
      streams.endedLate(id);
    }
  }

  @Override
  public void streamError(int id, ErrorCode code) throws ConnectionError {
    Http2Stream stream = streams.find(id);
    if (stream != null) {
      fail(stream, code, "the client sent a frame that makes no sense");
    } else if (streams.hasBegun(id)) {
      // It may have been answered a moment ago; the frame was wrong before that, too.
      streams.endedLate(id);
      refuse(id, code);
    } else {
      throw new ConnectionError(code, "a wrong frame for a stream that did not begin");
    }
  }

  private void fail(Http2Stream stream, ErrorCode code, String message) throws ConnectionError {
    guard.reset();
    streams.fail(stream, code, new ConnectionLostException(message));
  }

  private void refuse(int id, ErrorCode code) throws ConnectionError {
    guard.reset();
    streams.refuse(id, code);
  }

  private void needBegun(int id) throws ConnectionError {
    if (!streams.hasBegun(id)) {
      throw ConnectionError.protocol("a frame for a stream that did not begin");
    }
  }

  // ---- windows and the connection

  @Override
  public void windowUpdate(int id, int increment) throws ConnectionError {
    guard.idleFrame();
    if (id == 0) {
      if (!outbound.open(increment)) {
        throw tooWide();
      }
      return;
    }
    Http2Stream stream = streams.find(id);
    if (stream == null) {
      needBegun(id);
    } else if (!stream.opened(increment)) {
      fail(stream, ErrorCode.FLOW_CONTROL_ERROR, "a window is opened too far");
    }
  }

  @Override
  public void setting(int id, long value) throws ConnectionError {
    guard.idleFrame();
    int change = settings.apply(id, value);
    if (change != 0) {
      for (Http2Stream stream : streams.all()) {
        if (!stream.opened(change)) {
          throw tooWide();
        }
      }
    }
  }

  @Override
  public void settingsEnd() throws ConnectionError {
    guard.idleFrame();
    lifecycle.begun();
    FrameWriter.settingsAck(outbound.controlFrame());
    needRoom();
  }

  @Override
  public void settingsAck() throws ConnectionError {
    guard.idleFrame();
  }

  @Override
  public void ping(long content, boolean ack) throws ConnectionError {
    guard.idleFrame();
    if (ack) {
      lifecycle.ponged(content);
    } else {
      FrameWriter.ping(content, true, outbound.controlFrame());
      needRoom();
    }
  }

  /** It wants no streams of ours, and there are none. */
  @Override
  public void goAway(int lastStream, int code) throws ConnectionError {
    guard.idleFrame();
  }

  @Override
  public void ignored() throws ConnectionError {
    guard.idleFrame();
  }

  private void needRoom() throws ConnectionError {
    if (outbound.isStuffed()) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "answers are not taken");
    }
  }

  private static ConnectionError tooWide() {
    return new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a window is opened too far");
  }
}
