package dev.fairlead.conformance.smuggling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client sends, an app sees the requests that the proxy saw, and no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {

  private static final int ROWS_AT_LEAST = 250;

  private final List<String> origins = new ArrayList<>();
  private List<Row> rows = List.of();
  private final Set<Integer> failed = new HashSet<>();

  @BeforeAll
  void readTheRows() throws IOException {
    rows = Corpus.read();
  }

  @Test
  void thereAreEnoughRowsAndEachHasItsOwnName() {
    assertThat(rows).hasSizeGreaterThanOrEqualTo(ROWS_AT_LEAST);
    assertThat(rows).extracting(Row::place).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(180)
  void anOriginSeesWhatTheProxySawAndNothingElse(OriginKind kind, @TempDir Path folder)
      throws Exception {
    try (Trial trial = Trial.of(kind, folder)) {
      for (Row row : rows) {
        trial.run(row);
      }
      Map<Integer, List<String>> problems = trial.conclude(rows);
      origins.add(trial.originVersion());
      failed.addAll(problems.keySet());
      assertThat(told(problems)).isEmpty();
    }
  }

  /** Were this not noticed, nothing would be. */
  @Test
  void aSmuggledRequestIsNoticed(@TempDir Path folder) throws Exception {
    List<Row> innocent =
        Corpus.parse(
            "a.txt",
            """
            == one
            answers: 200
            sees: GET /ROW/outer
            because: it is in order
            > GET /ROW/outer HTTP/1.1
            > Host: app.test
            >
            """);
    try (Trial trial = Trial.of(OriginKind.NODE, folder)) {
      trial.run(innocent.getFirst());
      try (Socket past = new Socket(InetAddress.ofLiteral("127.0.0.1"), trial.originPort());
          Wire wire = new Wire(past)) {
        wire.get("app.test", "/100/smuggled").read();
      }

      assertThat(told(trial.conclude(innocent)))
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("the origin saw [", "smuggled: GET /100/smuggled", "the proxy forwarded [");
    }
  }

  @AfterAll
  void tell() {
    System.out.printf(
        "smuggling corpus: %d/%d rows x %d origins (%s)%n",
        rows.size() - failed.size(), rows.size(), origins.size(), String.join(", ", origins));
  }

  private List<String> told(Map<Integer, List<String>> problems) {
    Map<Integer, String> places = rows.stream().collect(Collectors.toMap(Row::number, Row::place));
    return problems.entrySet().stream()
        .map(
            one ->
                "%n%d %s%n      %s"
                    .formatted(
                        one.getKey(),
                        places.getOrDefault(one.getKey(), "of no row"),
                        String.join("\n      ", one.getValue())))
        .toList();
  }
}
