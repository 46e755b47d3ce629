package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Clients of HTTP/2 that break off streams and connections, or stop to move. */
final class AbortedStreams {

  private static final int CANCEL = 8;

  /** How streams, or their connection, are ended. */
  @FunctionalInterface
  private interface End {
    void of(Http2Line line, List<Integer> streams) throws IOException;
  }

  private AbortedStreams() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("resets streams behind the request", 60, 20, AbortedStreams::atOnce),
        new Kind(
            "resets streams before the answer",
            60,
            20,
            (run, n) -> beforeAnswer(run, "a.test", "never", n, AbortedStreams::reset)),
        new Kind(
            "resets streams before the answer, h2c",
            60,
            20,
            (run, n) -> beforeAnswer(run, "h2.test", "never-2", n, AbortedStreams::reset)),
        new Kind("resets streams within the body", 60, 20, AbortedStreams::inBody),
        new Kind("resets streams within the answer", 20, 10, AbortedStreams::inAnswer),
        new Kind(
            "closes with open streams",
            40,
            8,
            (run, n) -> beforeAnswer(run, "a.test", "never", n, (line, streams) -> line.close())),
        new Kind(
            "resets with open streams",
            40,
            8,
            (run, n) -> beforeAnswer(run, "a.test", "never", n, (line, streams) -> line.reset())),
        new Kind(
            "resets with open streams, h2c",
            40,
            8,
            (run, n) ->
                beforeAnswer(run, "h2.test", "never-2", n, (line, streams) -> line.reset())),
        new Kind(
            "breaks HTTP/2 with open streams",
            40,
            8,
            (run, n) -> beforeAnswer(run, "a.test", "never", n, AbortedStreams::breakRules)),
        new Kind("GOAWAY, and the rest", 40, 8, AbortedStreams::goesAway),
        new Kind("never opens a window", 2, 2, AbortedStreams::noWindow));
  }

  private static void atOnce(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.get("a.test", run.path("left-stream", 0));
        line.say().number(Frame.RST_STREAM, stream, CANCEL);
        line.flush();
      }
      line.expect(line.get("a.test", run.path("ok", 200)), 200, App.BODY);
    }
  }

  private static void beforeAnswer(Run run, String host, String behaviour, int requests, End end)
      throws IOException {
    try (Http2Line line = run.proxy().http2(host, Http2Visits.WINDOW)) {
      List<String> paths = new ArrayList<>();
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        String path = run.path(behaviour, 0);
        run.signals().expect(path);
        paths.add(path);
        streams.add(line.get(host, path));
      }
      line.flush();
      for (String path : paths) {
        run.signals().await(path);
      }
      end.of(line, streams);
    }
  }

  private static void reset(Http2Line line, List<Integer> streams) throws IOException {
    for (int stream : streams) {
      line.say().number(Frame.RST_STREAM, stream, CANCEL);
    }
    line.flush();
  }

  private static void breakRules(Http2Line line, List<Integer> streams) throws IOException {
    line.say().data(0, false);
    line.awaitEnd();
  }

  private static void inBody(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        String path = run.path("echo", 0);
        run.signals().expect(path);
        int stream = line.begin(false, Block.request("POST", "a.test", path));
        line.say().data(stream, false, new byte[1000]);
        line.flush();
        run.signals().await(path);
        line.say().number(Frame.RST_STREAM, stream, CANCEL);
      }
      line.flush();
    }
  }

  private static void inAnswer(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.get("a.test", run.path("large", 200));
        line.awaitBytes(stream, 1000);
        line.say().number(Frame.RST_STREAM, stream, CANCEL);
      }
      line.flush();
    }
  }

  private static void goesAway(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", Http2Visits.WINDOW)) {
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        streams.add(line.get("a.test", run.path("ok", 200)));
      }
      line.say().goAway(0);
      for (int stream : streams) {
        line.expect(stream, 200, App.BODY);
      }
    }
  }

  // The answers are ended for want of progress.
  private static void noWindow(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", 0)) {
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        streams.add(line.get("a.test", run.path("large", 200)));
      }
      for (int stream : streams) {
        line.expectReset(stream);
      }
    }
  }
}
