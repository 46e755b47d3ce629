package dev.fairlead.conformance.growth;

import java.io.IOException;
import java.util.List;

/** What most visitors do, by HTTP/1.1. */
final class OrdinaryVisits {

  private static final int PIPELINE = 8;
  private static final String BODY = "b".repeat(2000);
  private static final String CHUNKS =
      "3e8\r\n"
          + "c".repeat(1000)
          + "\r\n1f4\r\n"
          + "c".repeat(500)
          + "\r\n0\r\nDigest: none\r\n\r\n";

  private OrdinaryVisits() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("GET, kept", 1630, 100, (run, n) -> gets(run, run.proxy().plain(), "a.test", n)),
        new Kind(
            "GET, kept, TLS",
            1500,
            100,
            (run, n) -> gets(run, run.proxy().secure("a.test"), "a.test", n)),
        new Kind(
            "GET, of apps that come and go",
            300,
            20,
            (run, n) -> gets(run, run.proxy().plain(), "churn.test", n)),
        new Kind("GET, by h2c", 600, 50, (run, n) -> gets(run, run.proxy().plain(), "h2.test", n)),
        new Kind("GET, pipelined", 160, 16, OrdinaryVisits::pipelined),
        new Kind("GET, new connection", 100, 1, OrdinaryVisits::once),
        new Kind("GET, new TLS connection", 30, 1, (run, n) -> newTls(run, "a.test")),
        new Kind("GET, new TLS, new certificates", 20, 1, (run, n) -> newTls(run, "new.test")),
        new Kind("GET, HTTP/1.0", 40, 1, OrdinaryVisits::old),
        new Kind("GET, large", 3, 1, OrdinaryVisits::large),
        new Kind("GET, informational heads", 50, 10, OrdinaryVisits::hints),
        new Kind("HEAD", 200, 20, OrdinaryVisits::heads),
        new Kind("POST, length", 300, 20, OrdinaryVisits::posts),
        new Kind("POST, chunks and trailers", 200, 20, OrdinaryVisits::chunks),
        new Kind("POST, 100-continue", 100, 10, OrdinaryVisits::patient),
        new Kind("POST, large", 3, 1, OrdinaryVisits::upload),
        new Kind("GET, trailers", 100, 20, OrdinaryVisits::trailers),
        new Kind("WebSocket", 20, 1, OrdinaryVisits::webSocket),
        new Kind("ACME challenge", 50, 10, OrdinaryVisits::challenges));
  }

  static void gets(Run run, Line line, String host, int requests) throws IOException {
    try (line) {
      for (int i = 0; i < requests; i++) {
        line.get(host, run.path("ok", 200)).expect(200, App.BODY);
      }
    }
  }

  private static void pipelined(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int left = requests; left > 0; ) {
        int now = Math.min(PIPELINE, left);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < now; i++) {
          all.append("GET ")
              .append(run.path("ok", 200))
              .append(" HTTP/1.1\r\nHost: a.test\r\n\r\n");
        }
        line.send(all.toString());
        for (int i = 0; i < now; i++) {
          line.expect(200, App.BODY);
        }
        left -= now;
      }
    }
  }

  private static void once(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.ask("GET", "a.test", run.path("ok", 200), "Connection: close\r\n").expect(200, App.BODY);
      line.awaitEnd();
    }
  }

  private static void newTls(Run run, String host) throws IOException {
    try (Line line = run.proxy().secureAnew(host)) {
      line.get(host, run.path("ok", 200)).expect(200, App.BODY);
    }
  }

  // The end of the connection is the end of the response.
  private static void old(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.send("GET " + run.path("chunked", 200) + " HTTP/1.0\r\nHost: a.test\r\n\r\n").head(200);
      Kinds.need("bytes", App.BODY, line.awaitEnd());
    }
  }

  private static void large(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.get("a.test", run.path("large", 200)).expect(200, App.LARGE);
    }
  }

  private static void hints(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.get("a.test", run.path("hints", 200)).head(103);
        line.expect(200, App.BODY);
      }
    }
  }

  private static void heads(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.ask("HEAD", "a.test", run.path("ok", 200), "").head(200);
      }
    }
  }

  private static void posts(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.ask(
                "POST",
                "a.test",
                run.path("echo", 200),
                "Content-Length: " + BODY.length() + "\r\n")
            .send(BODY)
            .expect(200, "2000".length());
      }
    }
  }

  private static void chunks(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.ask("POST", "a.test", run.path("echo", 200), "Transfer-Encoding: chunked\r\n")
            .send(CHUNKS)
            .expect(200, "1500".length());
      }
    }
  }

  private static void patient(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.ask(
                "POST",
                "a.test",
                run.path("echo", 200),
                "Expect: 100-continue\r\nContent-Length: " + BODY.length() + "\r\n")
            .head(100);
        line.send(BODY).expect(200, "2000".length());
      }
    }
  }

  private static void upload(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.ask("POST", "a.test", run.path("echo", 200), "Content-Length: " + App.LARGE + "\r\n")
          .send(new byte[App.LARGE])
          .expect(200, Integer.toString(App.LARGE).length());
    }
  }

  private static void trailers(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        line.get("a.test", run.path("chunked", 200)).expect(200, App.BODY);
      }
    }
  }

  private static void webSocket(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      line.ask(
              "GET",
              "a.test",
              run.path("websocket", 101),
              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
          .head(101);
      for (int i = 0; i < 3; i++) {
        line.send("a frame or so");
        line.in().skip("a frame or so".length());
      }
    }
  }

  // One that this proxy has set, and one that the app may know.
  private static void challenges(Run run, int requests) throws IOException {
    try (Line line = run.proxy().plain()) {
      for (int i = 0; i < requests; i++) {
        boolean known = i % 2 == 0;
        line.get(
                "a.test",
                run.path(".well-known/acme-challenge/" + (known ? "known" : "other"), 200))
            .expect(200);
      }
    }
  }
}
