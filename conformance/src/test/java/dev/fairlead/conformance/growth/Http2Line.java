package dev.fairlead.conformance.growth;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A client's connection that speaks HTTP/2 by TLS, frame by frame. For one thread. */
final class Http2Line implements AutoCloseable {

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int FIRST_WINDOW = 65_535;

  /** What is left of a window when it is opened again. */
  private static final int LOW = 32 * 1024;

  private final Socket socket;
  private final Socket wire;
  private final Input in;
  private final OutputStream out;
  private final Frame frame = new Frame();
  private final Frames frames = new Frames();
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Reply> replies = new HashMap<>();
  private final int window;
  private int next = 1;
  private int unopened;
  private int sendWindow = FIRST_WINDOW;
  private int streamWindow = FIRST_WINDOW;

  /** A response, as far as it has come. */
  static final class Reply {
    int status;
    int informational;
    long bytes;
    boolean ended;
    boolean reset;

    /** Bytes of the request's body that may be sent. */
    int window;

    private Reply(int window) {
      this.window = window;
    }
  }

  /**
   * @param socket of TLS
   * @param wire below it
   * @param window bytes that may come of each stream before it is read; 0 for those that are never
   *     opened
   */
  Http2Line(Socket socket, Socket wire, int window) throws IOException {
    this.socket = socket;
    this.wire = wire;
    this.in = new Input(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.window = window;
    frames.raw(PREFACE).setting(INITIAL_WINDOW_SIZE, window);
  }

  // ---- what is said

  /** The number of a stream that begins with a head. */
  int begin(boolean last, Block head) {
    int stream = next;
    next += 2;
    replies.put(stream, new Reply(streamWindow));
    frames.head(stream, last, head);
    return stream;
  }

  int get(String host, String path) {
    return begin(true, Block.request("GET", host, path));
  }

  Frames say() {
    return frames;
  }

  Http2Line flush() throws IOException {
    frames.sendTo(out);
    return this;
  }

  /** Sends so much of a body, as the windows allow it, and its end. */
  void upload(int stream, int bytes) throws IOException {
    Reply reply = reply(stream);
    for (int left = bytes; left > 0; ) {
      int piece = Math.min(Math.min(left, Frame.MAX_PAYLOAD), Math.min(sendWindow, reply.window));
      if (piece <= 0) {
        read();
        continue;
      }
      frames.data(stream, left == piece, new byte[piece]);
      flush();
      left -= piece;
      sendWindow -= piece;
      reply.window -= piece;
    }
  }

  // ---- what is heard

  Reply reply(int stream) {
    return replies.getOrDefault(stream, new Reply(streamWindow));
  }

  /** Sends what was gathered, and reads until this stream has ended. */
  Reply await(int stream) throws IOException {
    flush();
    Reply reply = reply(stream);
    while (!reply.ended && !reply.reset) {
      read();
    }
    replies.remove(stream);
    return reply;
  }

  /** A whole response with so long a body must come. */
  void expect(int stream, int status, long bytes) throws IOException {
    Reply reply = await(stream);
    if (reply.reset || reply.status != status || reply.bytes != bytes) {
      throw new IOException(
          "expected %d with %d bytes, got %s%d with %d bytes"
              .formatted(
                  status, bytes, reply.reset ? "a reset after " : "", reply.status, reply.bytes));
    }
  }

  /** The stream must be reset. */
  void expectReset(int stream) throws IOException {
    if (!await(stream).reset) {
      throw new IOException("expected a reset, got a whole response");
    }
  }

  /** Sends what was gathered, and reads until this stream's final head is there. */
  void awaitHead(int stream, int status) throws IOException {
    flush();
    Reply reply = reply(stream);
    while (reply.status == 0) {
      if (reply.reset) {
        throw new IOException("expected " + status + ", got a reset");
      }
      read();
    }
    if (reply.status != status) {
      throw new IOException("expected " + status + ", got " + reply.status);
    }
  }

  /** Reads until so much of the body has come. */
  void awaitBytes(int stream, long bytes) throws IOException {
    flush();
    Reply reply = reply(stream);
    while (reply.bytes < bytes) {
      if (reply.ended || reply.reset) {
        throw new IOException("expected " + bytes + " bytes, got " + reply.bytes);
      }
      read();
    }
  }

  /** Reads to the end of the connection. */
  void awaitEnd() throws IOException {
    flush();
    try {
      in.end();
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (IOException reset) {
      // An end as well.
    }
  }

  private void read() throws IOException {
    frame.read(in);
    int stream = frame.stream();
    switch (frame.type()) {
      case Frame.HEADERS -> head(reply(stream));
      case Frame.DATA -> data(stream, reply(stream));
      case Frame.RST_STREAM -> reply(stream).reset = true;
      case Frame.SETTINGS -> settings();
      case Frame.WINDOW_UPDATE -> {
        if (stream == 0) {
          sendWindow += frame.int32(0);
        } else {
          reply(stream).window += frame.int32(0);
        }
      }
      case Frame.GOAWAY ->
          throw new IOException(
              "GOAWAY with code %d: %s"
                  .formatted(
                      frame.int32(4),
                      new String(
                          frame.payload(), 8, frame.length() - 8, StandardCharsets.US_ASCII)));
      default -> {
        // Nothing that is counted here.
      }
    }
  }

  private void head(Reply reply) throws IOException {
    try {
      Http2Headers fields =
          hpack.decodeHeaders(
              frame.stream(), Unpooled.wrappedBuffer(frame.payload(), 0, frame.length()));
      CharSequence status = fields.status();
      if (status != null && status.charAt(0) == '1') {
        reply.informational++;
      } else if (status != null) {
        reply.status = Integer.parseInt(status, 0, status.length(), 10);
      }
    } catch (Http2Exception e) {
      throw new IOException("HPACK of the proxy", e);
    }
    reply.ended = frame.has(Frame.END_STREAM);
  }

  private void data(int stream, Reply reply) throws IOException {
    reply.bytes += frame.length();
    reply.ended = frame.has(Frame.END_STREAM);
    unopened += frame.length();
    if (unopened > LOW) {
      frames.number(Frame.WINDOW_UPDATE, 0, unopened);
      if (!reply.ended && window > 0) {
        frames.number(Frame.WINDOW_UPDATE, stream, unopened);
      }
      unopened = 0;
      flush();
    }
  }

  private void settings() throws IOException {
    if (frame.has(Frame.ACK)) {
      return;
    }
    for (int at = 0; at < frame.length(); at += 6) {
      if (frame.payload()[at + 1] == INITIAL_WINDOW_SIZE) {
        int change = frame.int32(at + 2) - streamWindow;
        streamWindow += change;
        replies.values().forEach(reply -> reply.window += change);
      }
    }
    frames.frame(Frame.SETTINGS, Frame.ACK, 0);
    flush();
  }

  // ---- ends

  /** Ends it by a reset of TCP. */
  void reset() throws IOException {
    wire.setSoLinger(true, 0);
    wire.close();
  }

  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } catch (IOException gone) {
      // TLS can't say good-bye to a connection that is no more.
      wire.close();
    }
  }
}
