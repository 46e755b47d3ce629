package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.List;

/** Apps that break off, talk nonsense, are silent, or are not there. */
final class BrokenApps {

  private BrokenApps() {}

  static List<Kind> kinds() {
    return List.of(
        failing("closes", "a.test", 30, 502),
        failing("resets", "a.test", 30, 502),
        failing("half-head", "a.test", 20, 502),
        failing("garbage", "a.test", 20, 502),
        failing("big-head", "a.test", 5, 502),
        failing("switches", "a.test", 20, 502),
        failing("resets-2", "h2.test", 30, 502),
        failing("cut-2", "cut2.test", 20, 502),
        failing("refused", "refused.test", 30, 503),
        slow("deaf", "deaf.test", 1, 503),
        slow("never", "a.test", 2, 504),
        slow("never-2", "h2.test", 2, 504),
        answering("refuses-2", "h2.test", 40),
        answering("goes-2", "goes2.test", 40),
        new Kind("app: cut", 20, 1, (run, n) -> cut(run, "cut")),
        new Kind("app: cut-chunks", 20, 1, (run, n) -> cut(run, "cut-chunks")),
        new Kind("app: stalls", 2, 1, (run, n) -> cut(run, "stalls")),
        new Kind("app: cut-by-reset", 20, 1, BrokenApps::cutByReset),
        new Kind("app: resets-late-2", 20, 5, BrokenApps::resetsLate),
        new Kind("app: early", 20, 1, BrokenApps::early),
        new Kind("app: resets, POST", 20, 5, BrokenApps::resetsPosts),
        new Kind("app: resets, streams", 40, 10, BrokenApps::resetsStreams));
  }

  private static Kind failing(String behaviour, String host, int share, int status) {
    return failing(behaviour, host, share, 5, status);
  }

  // It takes seconds each.
  private static Kind slow(String behaviour, String host, int share, int status) {
    return failing(behaviour, host, share, 1, status);
  }

  private static Kind failing(String behaviour, String host, int share, int perVisit, int status) {
    return new Kind(
        "app: " + behaviour,
        share,
        perVisit,
        (run, requests) -> {
          try (Line line = run.proxy().plain()) {
            for (int i = 0; i < requests; i++) {
              line.get(host, run.path(behaviour, status)).expect(status);
            }
          }
        });
  }

  private static Kind answering(String behaviour, String host, int share) {
    return new Kind(
        "app: " + behaviour,
        share,
        10,
        (run, requests) -> {
          try (Line line = run.proxy().plain()) {
            for (int i = 0; i < requests; i++) {
              line.get(host, run.path(behaviour, 200)).expect(200, App.BODY);
            }
          }
        });
  }

  private static void cut(Run run, String behaviour) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.get("a.test", run.path(behaviour, 200)).expectCut();
    }
  }

  private static void cutByReset(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      String path = run.path("cut-by-reset", 200);
      String read = Signals.headRead(path);
      run.signals().expect(read);
      line.get("a.test", path).head(200);
      run.signals().give(read);
      line.awaitEnd();
    }
  }

  private static void resetsLate(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("h2.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        String path = run.path("resets-late-2", 200);
        String read = Signals.headRead(path);
        run.signals().expect(read);
        int stream = line.get("h2.test", path);
        line.awaitHead(stream, 200);
        run.signals().give(read);
        line.expectReset(stream);
      }
    }
  }

  // The answer is there before the body is; the rest of it is wanted no more.
  private static void early(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.ask("POST", "a.test", run.path("early", 200), "Content-Length: 10000\r\n")
          .send("x".repeat(5000))
          .expect(200, App.BODY);
      line.awaitEnd();
    }
  }

  private static void resetsPosts(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        // In one piece: the connection goes on only if the proxy had all of the request.
        line.send(
                "POST "
                    + run.path("resets", 502)
                    + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello")
            .expect(502);
      }
    }
  }

  private static void resetsStreams(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.get("a.test", run.path("resets", 502));
        Kinds.need("status", 502, line.await(stream).status);
      }
    }
  }
}
