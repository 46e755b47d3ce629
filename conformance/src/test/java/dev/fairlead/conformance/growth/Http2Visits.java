package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What most visitors do, by HTTP/2. */
final class Http2Visits {

  /** Bytes; as browsers do. */
  static final int WINDOW = 64 * 1024;

  private static final int STREAMS = 32;
  private static final int POST_BYTES = 1000;

  private Http2Visits() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("GET, streams", 2400, 128, (run, n) -> gets(run, "a.test", n)),
        new Kind("GET, streams, by h2c", 300, 64, (run, n) -> gets(run, "h2.test", n)),
        new Kind("POST, streams, trailers", 100, 20, (run, n) -> posts(run, "a.test", "echo", n)),
        new Kind("POST, streams, h2c", 100, 20, (run, n) -> posts(run, "h2.test", "echo-2", n)),
        new Kind("GET, streams, trailers, h2c", 50, 10, Http2Visits::trailers),
        new Kind("GET, streams, large", 6, 2, Http2Visits::large),
        new Kind("POST, streams, large", 6, 2, Http2Visits::uploads),
        new Kind("WebSocket, streams", 20, 5, Http2Visits::webSockets));
  }

  private static void gets(Run run, String host, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2(host, WINDOW)) {
      List<Integer> streams = new ArrayList<>();
      for (int left = requests; left > 0; left -= streams.size()) {
        streams.clear();
        for (int i = 0; i < Math.min(left, STREAMS); i++) {
          streams.add(line.get(host, run.path("ok", 200)));
        }
        for (int stream : streams) {
          line.expect(stream, 200, App.BODY);
        }
      }
    }
  }

  private static void posts(Run run, String host, String behaviour, int requests)
      throws IOException {
    try (Http2Line line = run.proxy().http2(host, WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.begin(false, Block.request("POST", host, run.path(behaviour, 200)));
        line.say()
            .data(stream, false, new byte[POST_BYTES])
            .head(stream, true, Block.empty().field("digest", "none"));
        line.expect(stream, 200, Integer.toString(POST_BYTES).length());
      }
    }
  }

  private static void trailers(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("h2.test", WINDOW)) {
      for (int i = 0; i < requests; i++) {
        line.expect(line.get("h2.test", run.path("trailers-2", 200)), 200, App.BODY);
      }
    }
  }

  private static void large(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", WINDOW)) {
      for (int i = 0; i < requests; i++) {
        line.expect(line.get("a.test", run.path("large", 200)), 200, App.LARGE);
      }
    }
  }

  private static void uploads(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream = line.begin(false, Block.request("POST", "a.test", run.path("echo", 200)));
        line.flush().upload(stream, App.LARGE);
        line.expect(stream, 200, Integer.toString(App.LARGE).length());
      }
    }
  }

  private static void webSockets(Run run, int requests) throws IOException {
    try (Http2Line line = run.proxy().http2("a.test", WINDOW)) {
      for (int i = 0; i < requests; i++) {
        int stream =
            line.begin(
                false,
                Block.request("CONNECT", "a.test", run.path("websocket", 200))
                    .field(":protocol", "websocket")
                    .field("sec-websocket-version", "13"));
        line.awaitHead(stream, 200);
        long bytes = 0;
        for (int message = 0; message < 3; message++) {
          line.say().data(stream, false, App.ascii("a frame or so"));
          bytes += "a frame or so".length();
          line.awaitBytes(stream, bytes);
        }
        line.say().data(stream, true);
        line.await(stream);
      }
    }
  }
}
