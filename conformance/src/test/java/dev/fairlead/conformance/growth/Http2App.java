package dev.fairlead.conformance.growth;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An app that speaks HTTP/2 without TLS. What it does, and does wrong, the first segment of the
 * path says. For one connection.
 */
final class Http2App {

  private static final int PREFACE_BYTES = 24;
  private static final int REFUSED_STREAM = 7;
  private static final int INTERNAL_ERROR = 2;

  /** Requests of a connection that ends its life in the polite way. */
  private static final int REQUESTS_UNTIL_GOAWAY = 5;

  private final Signals signals;
  private final Set<String> refused;
  private final Input in;
  private final OutputStream out;
  private final Frame frame = new Frame();
  private final Frames frames = new Frames();
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, String> paths = new HashMap<>();
  private final Map<Integer, Integer> bodies = new HashMap<>();
  private int requests;
  private int last;
  private boolean going;

  private Http2App(Signals signals, Set<String> refused, Socket socket) throws IOException {
    this.signals = signals;
    this.refused = refused;
    this.in = new Input(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Serves connections, and gives a signal with the path of each request. */
  static Acceptor.Talk with(Signals signals) {
    Set<String> refused = ConcurrentHashMap.newKeySet();
    return socket -> new Http2App(signals, refused, socket).serve();
  }

  private void serve() throws IOException {
    in.skip(PREFACE_BYTES);
    frames.frame(Frame.SETTINGS, 0, 0);
    boolean open = true;
    while (open && !(going && paths.isEmpty())) {
      if (in.buffered() < Frame.HEADER_BYTES) {
        frames.sendTo(out);
      }
      frame.read(in);
      open = take();
    }
    frames.sendTo(out);
  }

  // Says whether the connection goes on.
  private boolean take() throws IOException {
    int stream = frame.stream();
    switch (frame.type()) {
      case Frame.SETTINGS -> {
        if (!frame.has(Frame.ACK)) {
          frames.frame(Frame.SETTINGS, Frame.ACK, 0);
        }
      }
      case Frame.HEADERS -> {
        String path = path();
        if (going && !paths.containsKey(stream)) {
          return true;
        }
        last = Math.max(last, stream);
        if (!path.isEmpty()) {
          paths.put(stream, path);
          signals.give(path);
        }
        return !frame.has(Frame.END_STREAM) || answer(stream);
      }
      case Frame.DATA -> {
        bodies.merge(stream, frame.length(), Integer::sum);
        if (frame.length() > 0) {
          frames.number(Frame.WINDOW_UPDATE, 0, frame.length());
          frames.number(Frame.WINDOW_UPDATE, stream, frame.length());
        }
        return !frame.has(Frame.END_STREAM) || answer(stream);
      }
      case Frame.RST_STREAM -> {
        paths.remove(stream);
        bodies.remove(stream);
      }
      default -> {
        // Windows are large enough for what is sent here.
      }
    }
    return true;
  }

  private String path() throws IOException {
    try {
      CharSequence path =
          hpack
              .decodeHeaders(
                  frame.stream(), Unpooled.wrappedBuffer(frame.payload(), 0, frame.length()))
              .path();
      return path == null ? "" : path.toString();
    } catch (Http2Exception e) {
      throw new IOException("HPACK of the proxy", e);
    }
  }

  private boolean answer(int stream) throws IOException {
    String path = paths.getOrDefault(stream, "/gone/");
    int body = bodies.getOrDefault(stream, 0);
    switch (App.behaviour(path)) {
      case "never-2" -> {
        return true;
      }
      case "cut-2" -> {
        return false;
      }
      case "resets-2" -> frames.number(Frame.RST_STREAM, stream, INTERNAL_ERROR);
      case "resets-late-2" -> {
        ok(stream, false);
        frames.sendTo(out);
        signals.await(Signals.headRead(path));
        frames.number(Frame.RST_STREAM, stream, INTERNAL_ERROR);
      }
      case "refuses-2" -> {
        if (refused.add(path)) {
          frames.number(Frame.RST_STREAM, stream, REFUSED_STREAM);
        } else {
          refused.remove(path);
          ok(stream, true);
        }
      }
      case "echo-2" -> {
        frames.head(stream, false, Block.response(200));
        frames.data(stream, true, App.ascii(Integer.toString(body)));
      }
      case "trailers-2" -> {
        ok(stream, false);
        frames.head(stream, true, Block.empty().field("digest", "none"));
      }
      case "goes-2" -> {
        ok(stream, true);
        if (++requests == REQUESTS_UNTIL_GOAWAY) {
          going = true;
          frames.goAway(last);
        }
      }
      default -> ok(stream, true);
    }
    paths.remove(stream);
    bodies.remove(stream);
    return true;
  }

  private void ok(int stream, boolean last) {
    frames.head(stream, false, Block.response(200));
    frames.data(stream, last, new byte[App.BODY]);
  }
}
