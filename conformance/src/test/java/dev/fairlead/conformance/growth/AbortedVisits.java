package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.List;

/** Clients of HTTP/1.1 that break off, or stop to move. */
final class AbortedVisits {

  /** The first bytes of a ClientHello. */
  private static final byte[] PART_OF_HELLO = {
    0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03, 0x55, 0x55
  };

  /** How a connection is ended. */
  @FunctionalInterface
  private interface End {
    void of(Line line) throws IOException;
  }

  private AbortedVisits() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("closes at once", 20, 1, (run, n) -> nothing(run, Line::close)),
        new Kind("resets at once", 20, 1, (run, n) -> nothing(run, Line::reset)),
        new Kind("closes within the head", 20, 1, (run, n) -> inHead(run, Line::close)),
        new Kind("resets within the head", 20, 1, (run, n) -> inHead(run, Line::reset)),
        new Kind("closes within its body", 30, 1, (run, n) -> inBody(run, Line::close)),
        new Kind("resets within its body", 30, 1, (run, n) -> inBody(run, Line::reset)),
        new Kind("breaks its chunks", 20, 1, AbortedVisits::badChunk),
        new Kind("closes before the answer", 30, 1, (run, n) -> beforeAnswer(run, Line::close)),
        new Kind("resets before the answer", 30, 1, (run, n) -> beforeAnswer(run, Line::reset)),
        new Kind("ends its side before the answer", 20, 1, AbortedVisits::halfClosed),
        new Kind(
            "closes within the answer",
            20,
            1,
            (run, n) -> inAnswer(run, run.proxy().plain(), Line::close)),
        new Kind(
            "resets within the answer",
            20,
            1,
            (run, n) -> inAnswer(run, run.proxy().plain(), Line::reset)),
        new Kind(
            "closes within the answer, TLS",
            10,
            1,
            (run, n) -> inAnswer(run, run.proxy().secure("a.test"), Line::close)),
        new Kind(
            "cuts within the answer, TLS",
            10,
            1,
            (run, n) -> inAnswer(run, run.proxy().secure("a.test"), Line::cut)),
        new Kind(
            "resets within the answer, TLS",
            10,
            1,
            (run, n) -> inAnswer(run, run.proxy().secure("a.test"), Line::reset)),
        new Kind("resets behind its request", 30, 1, AbortedVisits::afterHead),
        new Kind("closes within a WebSocket's handshake", 10, 1, AbortedVisits::inUpgrade),
        new Kind("resets within TLS's handshake", 20, 1, (run, n) -> inHandshake(run, Line::reset)),
        new Kind("closes within TLS's handshake", 20, 1, (run, n) -> inHandshake(run, Line::close)),
        new Kind("speaks no TLS", 10, 1, AbortedVisits::noTls),
        new Kind("stops within its body", 2, 1, AbortedVisits::stopsInBody),
        new Kind("stops to read", 2, 1, AbortedVisits::stopsToRead),
        new Kind("says nothing", 1, 1, (run, n) -> silent(run.proxy().plain())),
        new Kind("says nothing, TLS", 1, 1, (run, n) -> silent(run.proxy().bare())));
  }

  private static void nothing(Run run, End end) throws IOException {
    try (Line line = run.proxy().plain()) {
      end.of(line);
    }
  }

  private static void inHead(Run run, End end) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.send("GET /never-read/0 HTTP/1.1\r\nHost: a.test\r\nX-");
      end.of(line);
    }
  }

  private static void inBody(Run run, End end) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("echo", 0);
      run.signals().expect(path);
      line.ask("POST", "a.test", path, "Content-Length: 10000\r\n").send("x".repeat(5000));
      run.signals().await(path);
      end.of(line);
    }
  }

  private static void badChunk(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("echo", 0);
      run.signals().expect(path);
      line.ask("POST", "a.test", path, "Transfer-Encoding: chunked\r\n").send("5\r\nhello\r\n");
      run.signals().await(path);
      line.send("none\r\n").awaitEnd();
    }
  }

  private static void beforeAnswer(Run run, End end) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("never", 0);
      run.signals().expect(path);
      line.get("a.test", path);
      run.signals().await(path);
      end.of(line);
    }
  }

  private static void halfClosed(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("never", 0);
      run.signals().expect(path);
      line.get("a.test", path);
      run.signals().await(path);
      line.halfClose();
      line.awaitEnd();
    }
  }

  private static void inAnswer(Run run, Line line, End end) throws IOException {
    try (line) {
      line.get("a.test", run.path("large", 200)).head(200);
      line.in().skip(1000);
      end.of(line);
    }
  }

  private static void afterHead(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.get("a.test", run.uncertainPath("left")).reset();
    }
  }

  private static void inUpgrade(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("never", 0);
      run.signals().expect(path);
      line.ask("GET", "a.test", path, "Connection: Upgrade\r\nUpgrade: websocket\r\n");
      run.signals().await(path);
    }
  }

  private static void inHandshake(Run run, End end) throws IOException {
    try (Line line = run.proxy().bare()) {
      line.send(PART_OF_HELLO);
      end.of(line);
    }
  }

  private static void noTls(Run run, int requests) throws IOException {
    try (Line line = run.proxy().bare()) {
      line.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").awaitEnd();
    }
  }

  private static void stopsInBody(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.ask("POST", "a.test", run.path("echo", 408), "Content-Length: 10000\r\n")
          .send("x".repeat(5000))
          .expect(408);
      line.awaitEnd();
    }
  }

  private static void stopsToRead(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("endless", 200);
      run.signals().expect(Signals.ended(path));
      line.get("a.test", path).head(200);
      run.signals().await(Signals.ended(path));
      line.awaitEnd();
    }
  }

  // The proxy ends it.
  private static void silent(Line line) throws IOException {
    try (line) {
      line.awaitEnd();
    }
  }
}
