package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.HeadBudget;
import dev.fairlead.proxy.codec.StreamResetException;
import dev.fairlead.proxy.codec.UnprocessedException;
import dev.fairlead.proxy.codec.hpack.FieldSink;
import dev.fairlead.proxy.codec.hpack.HpackDecoder;
import dev.fairlead.proxy.codec.hpack.HpackException;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;
import dev.fairlead.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an endpoint sends becomes heads and bodies of responses. Event loop only. */
final class UpstreamInbound implements FrameListener {

  private static final FieldSink NOBODY = (name, nameAt, nameLength, value, valueAt, length) -> {};
  private static final FieldNames LENGTH = FieldNames.of(FieldName.CONTENT_LENGTH);

  private final Http2Upstream connection;
  private final UpstreamStreams streams;
  private final Outbound outbound;
  private final FloodGuard guard;
  private final HpackDecoder hpack = new HpackDecoder(Limits.TABLE_BYTES);
  private final HeaderBlock block;
  private final List<Http2UpstreamStream> touched = new ArrayList<>();

  /** The stream and the end of the header block, or of the DATA, that is being read. */
  private int current;

  private boolean currentEnds;

  /** Who gets the data of the current frame; null when nobody does. */
  private @Nullable Http2UpstreamStream receiver;

  UpstreamInbound(
      Http2Upstream connection,
      UpstreamStreams streams,
      Outbound outbound,
      FloodGuard guard,
      HeadBudget.Share budget) {
    this.connection = connection;
    this.streams = streams;
    this.outbound = outbound;
    this.guard = guard;
    this.block = new HeaderBlock(ResponseFields.MAX_BYTES, budget, this::decode);
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

  private void touch(Http2UpstreamStream stream) {
    if (!touched.contains(stream)) {
      touched.add(stream);
    }
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
    needBegun(current);
    Http2UpstreamStream stream = streams.find(current);
    if (stream == null) {
      hpack.decode(bytes, from, length, NOBODY);
      guard.idleFrame();
      return;
    }
    ResponseFields fields = new ResponseFields(stream.isAnswered());
    hpack.decode(bytes, from, length, fields);
    guard.usefulFrame(0);
    touch(stream);
    if (fields.isMalformed() || !take(stream, fields)) {
      stream.fail(ErrorCode.PROTOCOL_ERROR, "the endpoint's head is malformed");
    }
  }

  private boolean take(Http2UpstreamStream stream, ResponseFields fields) {
    Headers headers = fields.headers();
    if (stream.isAnswered()) {
      return currentEnds && stream.ended(headers.size() == 0 ? null : headers);
    }
    if (fields.status() < 200 || fields.status() == 204) {
      // Has no meaning there (RFC 9110 §8.6), and clients may wait for what it says.
      headers.removeAll(LENGTH);
    }
    return stream.head(new ResponseHead(fields.status(), headers), currentEnds);
  }

  // ---- bodies

  @Override
  public void dataBegins(int stream, int dataBytes, int paddingBytes, boolean endStream)
      throws ConnectionError {
    receiver = null;
    current = stream;
    currentEnds = endStream;
    needBegun(stream);
    if (!streams.received(dataBytes + paddingBytes)) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows");
    }
    needRoom();
    Http2UpstreamStream to = streams.find(stream);
    if (dataBytes == 0 && (to == null || !endStream)) {
      guard.idleFrame();
    } else if (to != null) {
      guard.usefulFrame(dataBytes);
    }
    if (to == null) {
      // It was on its way when the stream was given up here, in as many frames as its window held.
      return;
    }
    ErrorCode wrong =
        to.isAnswered()
            ? to.input().begins(dataBytes, paddingBytes, endStream)
            : ErrorCode.PROTOCOL_ERROR;
    if (wrong == null) {
      to.padding(paddingBytes);
      receiver = to;
      touch(to);
    } else {
      to.fail(wrong, "the endpoint sent more or less of a body than it may");
    }
  }

  @Override
  public void data(ByteBuf piece) {
    if (receiver == null) {
      piece.release();
    } else {
      receiver.received(piece);
    }
  }

  @Override
  public void dataEnds() {
    Http2UpstreamStream to = receiver;
    if (to != null && currentEnds && !to.ended(null)) {
      to.fail(ErrorCode.PROTOCOL_ERROR, "the body is shorter than its length");
    }
  }

  // ---- ends of streams

  @Override
  public void resetStream(int id, int code) throws ConnectionError {
    needBegun(id);
    Http2UpstreamStream stream = streams.find(id);
    if (stream == null) {
      guard.idleFrame();
    } else if (code == ErrorCode.REFUSED_STREAM.code() && !stream.isAnswered()) {
      stream.lost(new UnprocessedException("the endpoint refused the stream"));
    } else {
      stream.lost(new StreamResetException(code));
    }
  }

  @Override
  public void streamError(int id, ErrorCode code) throws ConnectionError {
    needBegun(id);
    Http2UpstreamStream stream = streams.find(id);
    if (stream != null) {
      stream.fail(code, "the endpoint sent a frame that makes no sense");
    } else {
      guard.idleFrame();
    }
  }

  @Override
  public void goAway(int lastStream, int code) throws ConnectionError {
    guard.idleFrame();
    connection.goingAway(lastStream, code);
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
    needBegun(id);
    Http2UpstreamStream stream = streams.find(id);
    if (stream != null && !stream.opened(increment)) {
      stream.fail(ErrorCode.FLOW_CONTROL_ERROR, "a window is opened too far");
    }
  }

  @Override
  public void setting(int id, long value) throws ConnectionError {
    guard.idleFrame();
    int change = streams.settings().apply(id, value);
    if (change != 0) {
      for (Http2UpstreamStream stream : streams.all()) {
        if (!stream.opened(change)) {
          throw tooWide();
        }
      }
    }
  }

  @Override
  public void settingsEnd() throws ConnectionError {
    guard.idleFrame();
    FrameWriter.settingsAck(outbound.controlFrame());
    needRoom();
    if (!streams.isSettled()) {
      streams.settle();
      connection.settled();
    }
  }

  @Override
  public void settingsAck() throws ConnectionError {
    guard.idleFrame();
  }

  @Override
  public void ping(long content, boolean ack) throws ConnectionError {
    guard.idleFrame();
    if (!ack) {
      FrameWriter.ping(content, true, outbound.controlFrame());
      needRoom();
    }
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
