package dev.fairlead.conformance.smuggling;

import dev.fairlead.conformance.smuggling.Row.Expected;
import dev.fairlead.proxy.forward.AccessLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what an origin saw with what the rows expect, and with what the proxy says it has
 * forwarded. What was seen belongs to a row by the number in its path.
 */
final class Judge {

  /** What no origin may ever take for the beginning of a request. */
  private static final String SMUGGLED = "smuggled";

  private final OriginKind origin;
  private final Map<Integer, List<Expected>> expected = new TreeMap<>();
  private final Map<Integer, Row> rows;

  /**
   * @param asked by the harness beside the rows, by their numbers
   */
  Judge(OriginKind origin, List<Row> rows, Map<Integer, List<Expected>> asked) {
    this.origin = origin;
    this.rows = rows.stream().collect(Collectors.toMap(Row::number, row -> row));
    for (Row row : rows) {
      row.sees().forEach(one -> expect(Row.numberIn(one.what()), one));
    }
    asked.forEach((number, more) -> more.forEach(one -> expect(number, one)));
  }

  private void expect(int number, Expected one) {
    expected.computeIfAbsent(number, key -> new ArrayList<>()).add(one);
  }

  /**
   * What is wrong, by the numbers of the rows.
   *
   * @param log of the proxy
   */
  Map<Integer, List<String>> problems(List<SeenRequest> seen, List<AccessLog.Entry> log) {
    Map<Integer, List<SeenRequest>> seenBy =
        seen.stream().collect(Collectors.groupingBy(one -> Row.numberIn(one.line())));
    Map<Integer, List<AccessLog.Entry>> forwardedBy =
        log.stream()
            .filter(entry -> entry.endpoint() != null)
            .collect(Collectors.groupingBy(entry -> Row.numberIn("- " + entry.path())));
    Map<Integer, List<String>> problems = new TreeMap<>();
    List<Integer> numbers = new ArrayList<>(expected.keySet());
    numbers.addAll(seenBy.keySet());
    for (int number : numbers) {
      List<String> wrong =
          of(
              number,
              seenBy.getOrDefault(number, List.of()),
              forwardedBy.getOrDefault(number, List.of()));
      if (!wrong.isEmpty()) {
        problems.put(number, wrong);
      }
    }
    return problems;
  }

  private List<String> of(int number, List<SeenRequest> seen, List<AccessLog.Entry> forwarded) {
    List<String> wrong = new ArrayList<>();
    List<SeenRequest> certain = new ArrayList<>(seen);
    List<AccessLog.Entry> told = new ArrayList<>(forwarded);
    List<Expected> awaited = new ArrayList<>(expected.getOrDefault(number, List.of()));
    for (Expected maybe : awaited.stream().filter(Expected::maybe).toList()) {
      awaited.remove(maybe);
      take(certain, maybe)
          .ifPresent(
              one -> {
                if (!told.removeIf(entry -> isSame(entry, one))) {
                  wrong.add("the proxy does not know that it forwarded " + one.what());
                }
              });
    }
    told.removeIf(entry -> entry.status() == 0);
    compare(awaited, certain, wrong);
    compareLogs(told, certain, wrong);
    for (SeenRequest one : seen) {
      wrong.addAll(ofOne(one));
    }
    Row row = rows.get(number);
    if (row != null && origin == OriginKind.NODE) {
      wrong.addAll(fields(row, seen));
    }
    return wrong;
  }

  private static Optional<SeenRequest> take(List<SeenRequest> from, Expected one) {
    Optional<SeenRequest> found =
        from.stream().filter(seen -> seen.what().equals(one.what())).findFirst();
    found.ifPresent(from::remove);
    return found;
  }

  private void compare(List<Expected> awaited, List<SeenRequest> seen, List<String> wrong) {
    List<String> expectedLines = awaited.stream().map(Expected::what).toList();
    List<String> lines = seen.stream().map(SeenRequest::what).toList();
    if (!lines.equals(expectedLines)) {
      wrong.add("the origin saw %s (expected: %s)".formatted(lines, expectedLines));
      return;
    }
    for (int i = 0; i < seen.size(); i++) {
      SeenRequest one = seen.get(i);
      if (!one.isUnread() && !one.host().equals(awaited.get(i).host())) {
        wrong.add("Host: %s (expected: %s)".formatted(one.host(), awaited.get(i).host()));
      }
      if (one.status() == 200 && !Objects.equals(one.body(), body(awaited.get(i)))) {
        wrong.add(
            "body of %s: %s (expected: %s)"
                .formatted(one.what(), shown(one.body()), shown(awaited.get(i).body())));
      }
    }
  }

  // Where the app does not read a body it cannot tell it.
  private static @Nullable String body(Expected of) {
    return of.what().contains("/unread") ? null : of.body();
  }

  private static String shown(@Nullable String body) {
    return body == null ? "none" : Escapes.show(body);
  }

  private static void compareLogs(
      List<AccessLog.Entry> told, List<SeenRequest> seen, List<String> wrong) {
    boolean same = told.size() == seen.size();
    for (int i = 0; same && i < seen.size(); i++) {
      same = isSame(told.get(i), seen.get(i));
    }
    if (!same) {
      wrong.add(
          "the proxy forwarded %s, the origin saw %s"
              .formatted(
                  told.stream()
                      .map(entry -> entry.method() + " " + entry.host() + " " + entry.path())
                      .toList(),
                  seen.stream()
                      .map(one -> one.method() + " " + one.hostName() + " " + one.path())
                      .toList()));
    }
  }

  private static boolean isSame(AccessLog.Entry entry, SeenRequest seen) {
    return seen.method().equals(entry.method())
        && (seen.isUnread() || seen.hostName().equals(entry.host()))
        && seen.path().equals(entry.path());
  }

  private List<String> ofOne(SeenRequest one) {
    List<String> wrong = new ArrayList<>();
    if (one.line().contains(SMUGGLED)) {
      wrong.add("smuggled: " + Escapes.show(one.line()));
    }
    if (origin == OriginKind.NODE && one.status() != 400) {
      Fields.problems(one).forEach(problem -> wrong.add(one.what() + ": " + problem));
    }
    return wrong;
  }

  private static List<String> fields(Row row, List<SeenRequest> seen) {
    List<String> wrong = new ArrayList<>();
    for (String field : row.has()) {
      String[] parts = field.split(": ", 2);
      if (seen.stream()
          .noneMatch(one -> one.values(parts[0]).contains(Escapes.resolve(parts[1])))) {
        wrong.add("no " + field + " at the app, which has " + seen);
      }
    }
    for (String name : row.lacks()) {
      if (seen.stream().anyMatch(one -> !one.values(name).isEmpty())) {
        wrong.add("a " + name + " at the app");
      }
    }
    return wrong;
  }
}
