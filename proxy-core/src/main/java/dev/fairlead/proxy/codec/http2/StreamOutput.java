package dev.fairlead.proxy.codec.http2;

import dev.fairlead.proxy.codec.hpack.HpackEncoder;
import dev.fairlead.proxy.message.FieldName;
import dev.fairlead.proxy.message.FieldNames;
import dev.fairlead.proxy.message.Headers;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way: what is to be sent, and how much of that the client takes. Nothing is
 * written before {@link #send}, so that the head knows whether a body follows.
 */
final class StreamOutput<H> {

  /** How it stands with a stream after its turn. */
  enum Progress {
    /** There is more, for another turn. */
    MORE,
    /** The rest waits for the window of the connection. */
    CONNECTION_WINDOW,
    /** It is all sent, or the rest waits for the window of the stream. */
    NOTHING
  }

  /** Framing of HTTP/1, which can't be said in HTTP/2 (RFC 9113 §8.2.2). */
  static final FieldNames OF_CONNECTION =
      FieldNames.of(
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE);

  private final int stream;
  private final HeadEncoder<H> encoder;
  private final boolean toHead;
  private final SendWindow window;
  private final Pieces body = new Pieces();

  /** Of a response any number of informational ones, then the final one. */
  private final ArrayDeque<H> heads = new ArrayDeque<>(2);

  private long sent;
  private boolean ended;
  private boolean sentAll;
  private @Nullable Headers trailers;

  /**
   * @param toHead whether it answers a request of the method HEAD: then no body is sent (RFC 9110
   *     §9.3.2)
   */
  StreamOutput(int stream, HeadEncoder<H> encoder, boolean toHead, int windowBytes) {
    this.stream = stream;
    this.encoder = encoder;
    this.toHead = toHead;
    this.window = new SendWindow(windowBytes);
  }

  void add(H head) {
    heads.add(head);
  }

  /** Takes ownership. */
  void add(ByteBuf data) {
    if (toHead) {
      data.release();
    } else {
      body.add(data);
    }
  }

  void end(@Nullable Headers fields) {
    ended = true;
    // Of an app that sent some, the rules may have left none.
    trailers = fields == null || fields.size() == 0 ? null : fields;
  }

  /** Bytes of the body that wait. */
  int pendingBytes() {
    return body.bytes();
  }

  /** Bytes of the body that were sent. */
  long sentBytes() {
    return sent;
  }

  /** Whether bytes wait for the client to open the stream's window. */
  boolean waitsForWindow() {
    return body.bytes() > 0 && window.available() <= 0;
  }

  /** Whether the end was sent. */
  boolean isSent() {
    return sentAll;
  }

  /** False when the client opened the window too far. */
  boolean open(int increment) {
    return window.change(increment);
  }

  /** Whether there is anything that could be sent, were the connection free. */
  boolean isSendable() {
    return !heads.isEmpty()
        || (body.bytes() > 0 && window.available() > 0)
        || (ended && !sentAll && body.bytes() == 0);
  }

  /** Writes what the windows allow, and no more of the body than {@code quantum} bytes. */
  Progress send(int quantum, Outbound out) {
    while (!heads.isEmpty()) {
      H head = heads.remove();
      boolean last = ended && heads.isEmpty() && body.bytes() == 0 && trailers == null;
      writeHead(head, last, out);
      sentAll |= last;
    }
    if (body.bytes() > 0) {
      int bytes = Math.min(Math.min(quantum, body.bytes()), window.available());
      if (bytes <= 0) {
        return Progress.NOTHING;
      }
      bytes = Math.min(bytes, out.window());
      if (bytes <= 0) {
        return Progress.CONNECTION_WINDOW;
      }
      sentAll = ended && trailers == null && bytes == body.bytes();
      window.take(bytes);
      sent += bytes;
      out.data(stream, body, bytes, sentAll);
    }
    if (body.bytes() > 0) {
      return Progress.MORE;
    }
    if (ended && !sentAll) {
      sentAll = true;
      writeEnd(out);
    }
    return Progress.NOTHING;
  }

  private void writeHead(H head, boolean last, Outbound out) {
    Headers headers = encoder.headers(head);
    ByteBuf buffer =
        out.room(
            Frames.HEADER_BYTES + 1 + encoder.pseudoBytes(head) + HpackEncoder.maxBytes(headers));
    int start = buffer.writerIndex();
    buffer.writerIndex(start + Frames.HEADER_BYTES);
    out.beginBlock(buffer);
    encoder.pseudoFields(head, buffer);
    writeFields(headers, buffer);
    FrameWriter.frameHeaders(stream, last, start, buffer);
  }

  private void writeEnd(Outbound out) {
    if (trailers == null) {
      FrameWriter.header(Frames.DATA, Frames.END_STREAM, stream, 0, out.room(Frames.HEADER_BYTES));
      return;
    }
    ByteBuf buffer = out.room(Frames.HEADER_BYTES + HpackEncoder.maxBytes(trailers));
    int start = buffer.writerIndex();
    buffer.writerIndex(start + Frames.HEADER_BYTES);
    writeFields(trailers, buffer);
    FrameWriter.frameHeaders(stream, true, start, buffer);
  }

  private void writeFields(Headers headers, ByteBuf buffer) {
    FieldNames leftOut = encoder.leftOut();
    boolean all = !headers.hasAny(leftOut);
    for (int i = 0; i < headers.size(); i++) {
      if (all || !leftOut.contains(headers.known(i))) {
        HpackEncoder.field(headers, i, buffer);
      }
    }
  }

  /** Gives up what waits. */
  void drop() {
    heads.clear();
    body.release();
  }
}
