package dev.fairlead.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Labels and what is expected of them, as a golden file has them.
 *
 * @param expected a line for each route, or for each problem
 */
record GoldenCase(
    String title,
    String service,
    Optional<String> domain,
    Map<String, String> labels,
    String expected) {

  static Stream<GoldenCase> read(String file) {
    try (InputStream in = GoldenCase.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n\n", -1)).skip(1).map(GoldenCase::parse);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static GoldenCase parse(String text) {
    List<String> lines = text.lines().toList();
    String[] service = lines.get(1).split(" @ ", 2);
    Map<String, String> labels = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.startsWith("  ")) {
        String[] label = line.substring(2).split("=", 2);
        labels.put(label[0], label[1]);
      }
    }
    String expected =
        lines.stream()
            .filter(line -> line.startsWith("=> "))
            .map(line -> line.substring(3))
            .collect(Collectors.joining("\n"));
    return new GoldenCase(
        lines.getFirst(),
        service[0],
        Optional.of(service[1]).filter(domain -> !domain.equals("-")),
        labels,
        expected);
  }

  @Override
  public String toString() {
    return title;
  }
}
