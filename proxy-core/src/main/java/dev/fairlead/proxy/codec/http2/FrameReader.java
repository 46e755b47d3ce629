package dev.fairlead.proxy.codec.http2;

import static dev.fairlead.proxy.codec.http2.Frames.HEADER_BYTES;

import dev.fairlead.proxy.codec.HeadBudget;
import io.netty.buffer.ByteBuf;

/**
 * Cuts what a peer sends into frames (RFC 9113 §4) and checks all that can be told without knowing
 * the streams. A state machine over bytes: however the input is split, the same is read, but for
 * the pieces that DATA comes in. Of everything else a frame is kept until it is complete. Not
 * thread-safe: belongs to one event loop.
 */
final class FrameReader {

  /** How many times its own bytes a piece of a body may keep in memory. */
  private static final int MAX_KEPT = 8;

  private enum State {
    PREFACE,
    HEADER,
    /** How much of a DATA frame is padding. */
    PADDING_LENGTH,
    DATA,
    PAYLOAD,
    SKIP
  }

  private final FrameListener listener;
  private final FrameStore store;
  private State state;
  private int have;
  private boolean reading;
  private boolean stopped;

  private boolean first = true;
  private int length;
  private int type;
  private int flags;
  private int stream;
  private int left;
  private int padding;

  /** The stream whose header block goes on; 0 when none does. */
  private int open;

  private long finished;

  private FrameReader(FrameListener listener, HeadBudget.Share budget, State first) {
    this.listener = listener;
    this.store = new FrameStore(budget);
    this.state = first;
  }

  /** Of what a client sends: before its frames it says a preface (RFC 9113 §3.4). */
  static FrameReader ofClient(FrameListener listener, HeadBudget.Share budget) {
    return new FrameReader(listener, budget, State.PREFACE);
  }

  /** Of what a server sends. */
  static FrameReader ofServer(FrameListener listener, HeadBudget.Share budget) {
    return new FrameReader(listener, budget, State.HEADER);
  }

  /**
   * Reads all of {@code in}, which stays the caller's.
   *
   * @throws ConnectionError when it is no HTTP/2; the reader is of no use then
   */
  void read(ByteBuf in) throws ConnectionError {
    reading = true;
    try {
      while (!stopped && in.isReadable()) {
        readSome(in);
      }
    } finally {
      reading = false;
      if (stopped) {
        store.clear();
      }
    }
  }

  private void readSome(ByteBuf in) throws ConnectionError {
    switch (state) {
      case PREFACE -> preface(in);
      case HEADER -> header(in);
      case PADDING_LENGTH -> paddingLength(in);
      case DATA -> data(in);
      case PAYLOAD -> payload(in);
      case SKIP -> skip(in);
    }
  }

  /**
   * Nothing more is wanted, and what is kept is given up; also from within a call of the listener.
   */
  void stop() {
    stopped = true;
    if (!reading) {
      store.clear();
    }
  }

  /** How many frames came to their end so far; all frames of a header block count as one. */
  long finished() {
    return finished;
  }

  /**
   * Whether a part of something has come that nobody but the reader knows of: anything but the
   * bytes of DATA.
   */
  boolean isWaiting() {
    return open != 0 || state == State.PAYLOAD || state == State.PADDING_LENGTH || have > 0;
  }

  private void preface(ByteBuf in) throws ConnectionError {
    while (in.isReadable() && have < Frames.prefaceBytes()) {
      if (in.readByte() != Frames.preface(have++)) {
        throw ConnectionError.protocol("no preface of HTTP/2");
      }
    }
    if (have == Frames.prefaceBytes()) {
      await(State.HEADER);
    }
  }

  private void header(ByteBuf in) throws ConnectionError {
    if (!collect(in, HEADER_BYTES)) {
      return;
    }
    length = store.int16(0) << 8 | store.int8(2);
    type = store.int8(3);
    flags = store.int8(4);
    stream = store.int32(5) & Integer.MAX_VALUE;
    check();
    have = 0;
    if (type == Frames.DATA) {
      dataFrame();
    } else if (type > Frames.CONTINUATION) {
      listener.ignored();
      skip(length);
    } else {
      await(State.PAYLOAD);
      if (length == 0) {
        complete();
      }
    }
  }

  private void check() throws ConnectionError {
    if (length > Frames.MAX_PAYLOAD) {
      throw size("a frame is longer than allowed");
    }
    if (first && (type != Frames.SETTINGS || is(Frames.ACK))) {
      throw ConnectionError.protocol("the first frame is no SETTINGS");
    }
    first = false;
    boolean continues = type == Frames.CONTINUATION;
    if (continues != (open != 0) || (continues && stream != open)) {
      throw ConnectionError.protocol("a header block is interrupted, or continued without one");
    }
    switch (type) {
      case Frames.DATA, Frames.HEADERS, Frames.PRIORITY -> needStream(true);
      case Frames.RST_STREAM -> {
        needStream(true);
        needLength(length == 4);
      }
      case Frames.SETTINGS -> {
        needStream(false);
        needLength(is(Frames.ACK) ? length == 0 : length % 6 == 0);
      }
      case Frames.PING -> {
        needStream(false);
        needLength(length == 8);
      }
      case Frames.GOAWAY -> {
        needStream(false);
        needLength(length >= 8);
      }
      case Frames.WINDOW_UPDATE -> needLength(length == 4);
      case Frames.PUSH_PROMISE -> throw ConnectionError.protocol("nobody may push");
      default -> {}
    }
  }

  // ---- DATA

  private void dataFrame() throws ConnectionError {
    if (!is(Frames.PADDED)) {
      dataBegins(0);
    } else if (length == 0) {
      throw size("no length of the padding");
    } else {
      await(State.PADDING_LENGTH);
    }
  }

  private void paddingLength(ByteBuf in) throws ConnectionError {
    int bytes = in.readUnsignedByte();
    if (bytes >= length) {
      throw ConnectionError.protocol("more padding than frame");
    }
    dataBegins(bytes + 1);
  }

  private void dataBegins(int paddingBytes) throws ConnectionError {
    padding = paddingBytes == 0 ? 0 : paddingBytes - 1;
    left = length - paddingBytes;
    listener.dataBegins(stream, left, paddingBytes, is(Frames.END_STREAM));
    if (left == 0) {
      dataEnds();
    } else {
      await(State.DATA);
    }
  }

  private void data(ByteBuf in) throws ConnectionError {
    int bytes = Math.min(left, in.readableBytes());
    left -= bytes;
    listener.data(take(in, bytes));
    if (left == 0) {
      dataEnds();
    }
  }

  // A slice keeps the whole buffer: where that is much more than its bytes, many that wait would
  // take many times the memory that the windows allow.
  private static ByteBuf take(ByteBuf in, int bytes) {
    return bytes < in.capacity() / MAX_KEPT ? in.readBytes(bytes) : in.readRetainedSlice(bytes);
  }

  private void dataEnds() throws ConnectionError {
    listener.dataEnds();
    skip(padding);
  }

  // ---- all other frames

  private void payload(ByteBuf in) throws ConnectionError {
    if (collect(in, length)) {
      complete();
    }
  }

  private void complete() throws ConnectionError {
    switch (type) {
      case Frames.HEADERS -> headers();
      case Frames.CONTINUATION -> {
        boolean ends = is(Frames.END_HEADERS);
        open = ends ? 0 : stream;
        listener.continuation(store.bytes(), 0, length, ends);
      }
      case Frames.RST_STREAM -> listener.resetStream(stream, store.int32(0));
      case Frames.GOAWAY -> listener.goAway(store.int32(0) & Integer.MAX_VALUE, store.int32(4));
      case Frames.SETTINGS -> settings();
      case Frames.PING -> listener.ping(store.int64(0), is(Frames.ACK));
      case Frames.WINDOW_UPDATE -> windowUpdate();
      default -> ignored();
    }
    store.done();
    await(State.HEADER);
  }

  private void headers() throws ConnectionError {
    int from = 0;
    int end = length;
    if (is(Frames.PADDED)) {
      needLength(length > 0);
      end -= store.int8(0);
      from = 1;
    }
    if (is(Frames.WITH_PRIORITY)) {
      from += 5;
    }
    if (from > end) {
      throw ConnectionError.protocol("a header block of less than nothing");
    }
    if (is(Frames.WITH_PRIORITY) && dependency(from - 5) == stream) {
      throw ConnectionError.protocol("a stream depends on itself");
    }
    boolean ends = is(Frames.END_HEADERS);
    open = ends ? 0 : stream;
    listener.headers(stream, store.bytes(), from, end - from, is(Frames.END_STREAM), ends);
  }

  private void settings() throws ConnectionError {
    if (is(Frames.ACK)) {
      listener.settingsAck();
      return;
    }
    for (int at = 0; at < length; at += 6) {
      int id = store.int16(at);
      listener.setting(id, Integer.toUnsignedLong(store.int32(at + 2)));
    }
    listener.settingsEnd();
  }

  private void windowUpdate() throws ConnectionError {
    int increment = store.int32(0) & Integer.MAX_VALUE;
    if (increment > 0) {
      listener.windowUpdate(stream, increment);
    } else if (stream > 0) {
      listener.streamError(stream, ErrorCode.PROTOCOL_ERROR);
    } else {
      throw ConnectionError.protocol("a window is opened by nothing");
    }
  }

  private void ignored() throws ConnectionError {
    listener.ignored();
    if (type == Frames.PRIORITY && length != 5) {
      listener.streamError(stream, ErrorCode.FRAME_SIZE_ERROR);
    } else if (type == Frames.PRIORITY && dependency(0) == stream) {
      listener.streamError(stream, ErrorCode.PROTOCOL_ERROR);
    }
  }

  // Nobody follows priorities any more (RFC 9113 §5.3), but who sends them knows RFC 7540 §5.3.1.
  private int dependency(int at) {
    return store.int32(at) & Integer.MAX_VALUE;
  }

  // ---- bytes

  private boolean collect(ByteBuf in, int wanted) throws ConnectionError {
    have = store.collect(in, have, wanted);
    return have == wanted;
  }

  private void skip(int bytes) {
    left = bytes;
    await(bytes == 0 ? State.HEADER : State.SKIP);
  }

  private void skip(ByteBuf in) {
    int bytes = Math.min(left, in.readableBytes());
    in.skipBytes(bytes);
    skip(left - bytes);
  }

  private void await(State next) {
    state = next;
    have = 0;
    if (next == State.HEADER && open == 0) {
      finished++;
    }
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private void needStream(boolean wanted) throws ConnectionError {
    if (wanted != (stream != 0)) {
      throw ConnectionError.protocol("a frame of a stream without one, or the other way round");
    }
  }

  private static ConnectionError size(String message) {
    return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, message);
  }

  private static void needLength(boolean right) throws ConnectionError {
    if (!right) {
      throw size("the length of a frame is wrong for its type");
    }
  }
}
