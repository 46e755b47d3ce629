package dev.fairlead.conformance.smuggling;

import static org.awaitility.Awaitility.await;

import dev.fairlead.conformance.smuggling.Row.Expected;
import dev.fairlead.conformance.smuggling.Row.Protocol;
import dev.fairlead.proxy.testing.Message;
import dev.fairlead.proxy.testing.ProxyFixture;
import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

/**
 * All rows against one origin: each on a connection of its own, then something harmless on the same
 * connection if it is still there, then a victim on every event loop of the proxy, which gets the
 * pooled connection to the origin that the row's request went over.
 */
final class Trial implements AutoCloseable {

  private static final Duration LOG_IS_WRITTEN = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(2);

  /** The proxy has one event loop, and so one pool, for each processor. */
  private static final int LOOPS = Runtime.getRuntime().availableProcessors();

  private final Origin origin;
  private final ProxyFixture proxy;
  private final Map<Integer, List<String>> problems = new TreeMap<>();
  private final Map<Integer, List<Expected>> asked = new TreeMap<>();

  private Trial(Origin origin) {
    this.origin = origin;
    this.proxy =
        ProxyFixture.routing(
            routes ->
                routes
                    .route(Row.HOST, origin.endpoint())
                    .route("other.test", origin.endpoint())
                    .route("*.wild.test", origin.endpoint()));
  }

  /** Starts the origin, and the proxy in front of it. */
  static Trial of(OriginKind kind, Path folder) throws Exception {
    return new Trial(kind.start(folder));
  }

  String originVersion() {
    return origin.version();
  }

  int originPort() {
    return origin.port();
  }

  /** Runs one row; what the client and the victims get is judged at once. */
  void run(Row row) {
    try {
      attack(row);
    } catch (IOException broken) {
      problem(row, broken.toString());
    }
    for (int i = 0; i < LOOPS; i++) {
      try {
        victim(row, row.path("victim" + i));
      } catch (IOException broken) {
        problem(row, "a victim: " + broken);
      }
    }
  }

  private void attack(Row row) throws IOException {
    if (row.protocol() == Protocol.HTTP_2) {
      try (Http2Attack attack = new Http2Attack(proxy)) {
        judge(row, attack.run(row.lines(), row.answersAt(origin.kind())));
        if (row.goesOn(origin.kind())) {
          next(row, attack.next(row.path("next")));
        }
      }
    } else {
      try (Http1Attack attack = new Http1Attack(row, proxy)) {
        judge(row, attack.run(row.answersAt(origin.kind())));
        if (row.goesOn(origin.kind())) {
          next(row, attack.next(row.path("next")));
        }
      }
    }
  }

  private void judge(Row row, Outcome got) {
    awaitLog(row, got);
    List<String> expected = row.answersAt(origin.kind());
    if (!isExpected(got.answers(), expected)) {
      problem(row, "the client got %s (expected: %s)".formatted(got.answers(), expected));
    }
    List<String> lines =
        row.sees().stream()
            .filter(one -> !one.maybe())
            .map(one -> one.what() + " HTTP/1.1")
            .toList();
    if (got.seen().isEmpty() && lines.equals(List.of("OPTIONS * HTTP/1.1"))) {
      // Apache answers this itself.
      return;
    }
    boolean allGood =
        expected.stream().noneMatch(answer -> answer.startsWith("4") || answer.startsWith("5"));
    if (allGood ? !got.seen().equals(lines) : !lines.containsAll(got.seen())) {
      problem(row, "the client got the answers to %s (expected: %s)".formatted(got.seen(), lines));
    }
  }

  // Where it depends on what comes first there is more than one: "400 or reset PROTOCOL_ERROR".
  private static boolean isExpected(List<String> got, List<String> expected) {
    boolean same = got.size() == expected.size();
    for (int i = 0; same && i < got.size(); i++) {
      same = List.of(expected.get(i).split(" or ", -1)).contains(got.get(i));
    }
    return same;
  }

  // The proxy tells of an exchange when its answer has left. Who asks again before may be told of
  // first, on another event loop, and the order is to be the same as at the origin.
  private void awaitLog(Row row, Outcome got) {
    for (String line : got.seen()) {
      String path = line.split(" ", 3)[1].split("\\?", 2)[0];
      if (!isLogged(path) && !holds(() -> isLogged(path))) {
        problem(row, "the client got the answer to a request that the proxy did not see: " + line);
      }
    }
  }

  // Whether it does, after a time.
  private static boolean holds(Callable<Boolean> condition) {
    try {
      await().atMost(LOG_IS_WRITTEN).pollDelay(Duration.ZERO).pollInterval(POLL).until(condition);
      return true;
    } catch (ConditionTimeoutException late) {
      return false;
    }
  }

  private boolean isLogged(String path) {
    return proxy.log().reversed().stream().anyMatch(entry -> path.equals(entry.path()));
  }

  private void next(Row row, Outcome got) {
    ask(row, row.path("next"), got);
  }

  private void victim(Row row, String path) throws IOException {
    try (Wire victim = proxy.connect()) {
      Outcome got = new Outcome();
      Message answer = victim.get(Row.HOST, path).read();
      got.answered(String.valueOf(answer.status()), answer.value("x-seen"));
      ask(row, path, got);
    }
  }

  // What is harmless must be answered as if nothing had been before.
  private void ask(Row row, String path, Outcome got) {
    awaitLog(row, got);
    String what = "GET " + path;
    asked
        .computeIfAbsent(row.number(), number -> new ArrayList<>())
        .add(new Expected(false, what, Row.HOST, null));
    if (!got.answers().equals(List.of("200")) || !got.seen().equals(List.of(what + " HTTP/1.1"))) {
      problem(row, what + " got " + got);
    }
  }

  private void problem(Row row, String problem) {
    problems.computeIfAbsent(row.number(), number -> new ArrayList<>()).add(problem);
  }

  /**
   * Ends the origin and compares the logs.
   *
   * @param rows that were run
   * @return what is wrong, by the numbers of the rows; 0 for what belongs to none
   */
  Map<Integer, List<String>> conclude(List<Row> rows) throws Exception {
    Judge judge = new Judge(origin.kind(), rows, asked);
    // Origins and the proxy write their lines when an answer has left already. What is wrong after
    // that time is told below.
    holds(() -> judge.problems(origin.seen(), proxy.log()).isEmpty());
    proxy.close();
    origin.stop();
    judge
        .problems(origin.seen(), proxy.log())
        .forEach(
            (number, more) ->
                problems.computeIfAbsent(number, key -> new ArrayList<>()).addAll(more));
    return problems;
  }

  @Override
  public void close() {
    proxy.close();
    origin.close();
  }
}
