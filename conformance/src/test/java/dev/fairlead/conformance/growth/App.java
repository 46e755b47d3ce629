package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An app that speaks HTTP/1.1. What it does, and does wrong, the first segment of the path says.
 * For one connection.
 */
final class App {

  /** Bytes of an ordinary body. */
  static final int BODY = 512;

  /** Bytes of a large body. */
  static final int LARGE = 1024 * 1024;

  /** Bytes; nobody reads to the end of them. */
  private static final long ENDLESS = 1L << 50;

  private static final byte[] OK =
      ascii("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n" + "x".repeat(BODY));
  private static final byte[] OK_WITHOUT_BODY =
      ascii("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n");
  private static final byte[] CHUNKED =
      ascii(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n"
              + ("100\r\n" + "y".repeat(BODY / 2) + "\r\n").repeat(2)
              + "0\r\nDigest: none\r\n\r\n");
  private static final byte[] LARGE_HEAD =
      ascii("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
  private static final byte[] PIECE = new byte[64 * 1024];

  private final Signals signals;
  private final Socket socket;
  private final Input in;
  private final OutputStream out;

  private App(Signals signals, Socket socket) throws IOException {
    this.signals = signals;
    this.socket = socket;
    this.in = new Input(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Serves connections, and gives a signal with the path of each request. */
  static Acceptor.Talk with(Signals signals) {
    return socket -> {
      App app = new App(signals, socket);
      while (app.answer(app.in.head())) {
        // The next request.
      }
    };
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The path in the first line of a request. */
  private static String path(String head) {
    int from = head.indexOf(' ') + 1;
    return head.substring(from, head.indexOf(' ', from));
  }

  /** The first segment of a path. */
  static String behaviour(String path) {
    return path.substring(1, path.indexOf('/', 1));
  }

  // Says whether the connection goes on.
  private boolean answer(String head) throws IOException {
    String path = path(head);
    signals.give(path);
    switch (behaviour(path)) {
      case "chunked" -> out.write(CHUNKED);
      case "echo" -> echo(head);
      case "hints" -> {
        out.write(ascii("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"));
        out.write(OK);
      }
      case "large" -> large();
      case "early" -> {
        out.write(OK);
        in.end();
        return false;
      }
      case "websocket" -> {
        return tunnel(head);
      }
      default -> {
        return broken(head, path);
      }
    }
    return true;
  }

  private boolean broken(String head, String path) throws IOException {
    switch (behaviour(path)) {
      case "never" -> in.end();
      case "stalls" -> {
        out.write(LARGE_HEAD);
        out.write(PIECE, 0, 1000);
        in.end();
      }
      case "endless" -> endless(path);
      case "closes" -> {
        return false;
      }
      case "resets" -> reset();
      case "half-head" -> out.write(ascii("HTTP/1.1 200 OK\r\nContent-Le"));
      case "garbage" -> out.write(ascii("220 mail.test ESMTP\r\n\r\n"));
      case "big-head" ->
          out.write(ascii("HTTP/1.1 200 OK\r\nX-Big: " + "z".repeat(80 * 1024) + "\r\n\r\n"));
      case "switches" ->
          out.write(ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n"));
      case "cut" -> out.write(OK, 0, OK.length - 100);
      case "cut-chunks" -> out.write(CHUNKED, 0, CHUNKED.length - 100);
      case "cut-by-reset" -> {
        out.write(OK, 0, OK.length - 100);
        signals.await(Signals.headRead(path));
        reset();
      }
      default -> {
        out.write(head.startsWith("HEAD ") ? OK_WITHOUT_BODY : OK);
        return true;
      }
    }
    return false;
  }

  private void echo(String head) throws IOException {
    if (Input.field(head, "expect").equals("100-continue")) {
      out.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    String length = Long.toString(in.body(head));
    out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + length.length() + "\r\n\r\n" + length));
  }

  private void large() throws IOException {
    out.write(LARGE_HEAD);
    for (int i = 0; i < LARGE; i += PIECE.length) {
      out.write(PIECE);
    }
  }

  private void endless(String path) throws IOException {
    try {
      out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n"));
      while (true) {
        out.write(PIECE);
      }
    } finally {
      signals.give(Signals.ended(path));
    }
  }

  private boolean tunnel(String head) throws IOException {
    out.write(ascii(WebSocketAnswer.to(Input.field(head, "sec-websocket-key"))));
    byte[] piece = new byte[1024];
    while (true) {
      out.write(piece, 0, in.some(piece));
    }
  }

  private void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
