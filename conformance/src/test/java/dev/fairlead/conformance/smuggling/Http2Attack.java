package dev.fairlead.conformance.smuggling;

import dev.fairlead.proxy.testing.ProxyFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** Sends a row's frames over HTTP/2 as they are, and reads what comes. */
final class Http2Attack implements AutoCloseable {

  private static final int READ_LIMIT_MILLIS = 5_000;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final SSLSocket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** The stream whose answer is read. */
  private int stream = -1;

  Http2Attack(ProxyFixture proxy) throws IOException {
    this.socket = proxy.tlsSocket(Row.HOST, "h2");
    socket.setSoTimeout(READ_LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(socket.getInputStream());
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    send(new Http2Frame(Http2Frame.SETTINGS, 0, 0, ""));
  }

  /**
   * Sends the frames of one stream after the other, those of one together, and reads the answer to
   * each.
   */
  Outcome run(List<String> lines, List<String> answers) throws IOException {
    Outcome outcome = new Outcome();
    List<Http2Frame> frames = Http2Frames.of(lines);
    int last = frames.stream().mapToInt(Http2Frame::stream).max().orElseThrow();
    while (stream < last && !isOver(outcome)) {
      stream += 2;
      try {
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        frames.stream()
            .filter(frame -> frame.stream() == stream)
            .forEach(frame -> together.writeBytes(frame.bytes()));
        out.write(together.toByteArray());
      } catch (SocketException refused) {
        // The proxy had enough before the end; it says so in what is read now.
      }
      if (answers.equals(List.of(Row.LEFT))) {
        outcome.answers().add(Row.LEFT);
      } else {
        read(outcome);
      }
    }
    return outcome;
  }

  private static boolean isOver(Outcome outcome) {
    return !outcome.answers().isEmpty() && !outcome.answers().getLast().matches("[0-9]+|reset .*");
  }

  /** Asks for something harmless on the same connection. */
  Outcome next(String path) throws IOException {
    stream += 2;
    String block =
        Http2Frame.field(":method", "GET")
            + Http2Frame.field(":scheme", "https")
            + Http2Frame.field(":authority", Row.HOST)
            + Http2Frame.field(":path", path);
    int flags = Http2Frame.END_HEADERS | Http2Frame.END_STREAM;
    send(new Http2Frame(Http2Frame.HEADERS, flags, stream, block));
    Outcome next = new Outcome();
    read(next);
    return next;
  }

  private void send(Http2Frame frame) throws IOException {
    out.write(frame.bytes());
  }

  // Up to the end of the stream, or of the connection.
  private void read(Outcome outcome) throws IOException {
    try {
      Http2Headers head = null;
      while (true) {
        Http2Frame frame = Http2Frame.read(in);
        boolean ofStream = frame.stream() == stream;
        if (frame.type() == Http2Frame.GOAWAY) {
          outcome.answers().add("goaway " + Http2Error.valueOf(frame.number(4)));
          return;
        } else if (frame.type() == Http2Frame.RST_STREAM && ofStream) {
          outcome.answers().add("reset " + Http2Error.valueOf(frame.number(0)));
          return;
        } else if (frame.type() == Http2Frame.HEADERS && ofStream) {
          head = head(frame);
        } else if (frame.type() == Http2Frame.SETTINGS && !frame.has(Http2Frame.ACK)) {
          send(new Http2Frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, ""));
        }
        if (head != null && ofStream && frame.endsStream()) {
          CharSequence seen = head.get("x-seen");
          outcome.answered(head.status().toString(), seen == null ? "" : seen.toString());
          return;
        }
      }
    } catch (EOFException | SocketException closed) {
      outcome.answers().add("closed");
    } catch (SocketTimeoutException silent) {
      outcome.answers().add("silence");
    }
  }

  private Http2Headers head(Http2Frame frame) throws IOException {
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload().getBytes(StandardCharsets.ISO_8859_1));
    try {
      return decoder.decodeHeaders(frame.stream(), block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
