package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.List;

/** What the proxy answers by itself. */
final class RefusedVisits {

  private static final String[] MALFORMED = {
    "GET\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : a.test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET / HTTP/1.1\r\n Host: a.test\r\n\r\n",
    "\u0016\u0003\u0001\u0002\r\n\r\n\r\n"
  };

  private RefusedVisits() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("404", 60, 10, RefusedVisits::notFound),
        new Kind("404, streams", 20, 10, RefusedVisits::notFoundByStreams),
        new Kind("308", 40, 10, RefusedVisits::redirected),
        new Kind("400", 30, 1, RefusedVisits::malformed),
        new Kind("400, and the next request", 30, 10, RefusedVisits::withoutHost),
        new Kind("400, streams", 20, 10, RefusedVisits::malformedPaths),
        new Kind("streams that are malformed", 20, 10, RefusedVisits::malformedStreams),
        new Kind("414", 10, 1, RefusedVisits::tooLong),
        new Kind("431", 10, 1, RefusedVisits::tooLarge),
        new Kind("431, streams", 10, 5, RefusedVisits::tooLargeStreams),
        new Kind("501", 10, 1, RefusedVisits::connect),
        new Kind("421", 10, 1, RefusedVisits::misdirected),
        new Kind("503, no app", 20, 5, RefusedVisits::noApp),
        new Kind("408, head", 2, 1, RefusedVisits::slowHead));
  }

  private static void notFound(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.get("nobody.test", run.path("unrouted", 404)).expect(404);
      }
    }
  }

  private static void notFoundByStreams(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("nobody.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.get("nobody.test", run.path("unrouted", 404));
        Kinds.need("status", 404, line.await(stream).status);
      }
    }
  }

  private static void redirected(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.get("moved.test", run.path("moved", 308)).expect(308);
      }
    }
  }

  private static void malformed(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      run.unreadable(400);
      line.send(MALFORMED[run.nextId() % MALFORMED.length]).expect(400);
      line.awaitEnd();
    }
  }

  private static void withoutHost(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        run.unreadable(400);
        line.send("GET / HTTP/1.1\r\n\r\n").expect(400);
      }
    }
  }

  private static void malformedPaths(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        run.unreadable(400);
        int stream = line.get("a.test", "/%00");
        Kinds.need("status", 400, line.await(stream).status);
      }
    }
  }

  // Not even answered, so in no log.
  private static void malformedStreams(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        line.expectReset(
            line.begin(true, Block.request("GET", "a.test", "/").field("Upper-Case", "no")));
      }
    }
  }

  private static void tooLong(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      run.unreadable(414);
      line.get("a.test", "/" + "x".repeat(9000)).expect(414);
      line.awaitEnd();
    }
  }

  private static void tooLarge(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      run.unreadable(431);
      line.ask("GET", "a.test", "/", "X-Big: " + "x".repeat(40_000) + "\r\n").expect(431);
      line.awaitEnd();
    }
  }

  private static void tooLargeStreams(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        Block head = Block.request("GET", "a.test", "/");
        for (int field = 0; field < 10; field++) {
          head.field("x-" + field, "x".repeat(4000));
        }
        run.unreadable(431);
        Kinds.need("status", 431, line.await(line.begin(true, head)).status);
      }
    }
  }

  private static void connect(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      run.unreadable(501);
      line.send("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n").expect(501);
    }
  }

  private static void misdirected(Run run, int requests) throws IOException {
    try (Line line = run.proxy().secure("a.test")) {
      run.unreadable(421);
      line.get("churn.test", "/").expect(421);
    }
  }

  private static void noApp(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.get("empty.test", run.path("empty", 503)).expect(503);
      }
    }
  }

  private static void slowHead(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      run.unreadable(408);
      line.send("GET / HTTP/1.1\r\nHost: a.te").expect(408);
      line.awaitEnd();
    }
  }
}
