package dev.fairlead.config.load;

import static dev.fairlead.conformance.fuzzing.Oracle.holds;
import static dev.fairlead.conformance.fuzzing.Oracle.same;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The text of a YAML file: as services, as settings and as a Compose file it is right, or there are
 * problems; and no alias makes it larger than a limit.
 */
public final class YamlFuzzer {

  private static final int MAX_NODES = 100_000;
  private static final int MAX_DEPTH = 100;

  private YamlFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    services(text, Optional.empty());
    services(text, Optional.of("example.com"));
    Yaml.Mapping file;
    try {
      file = YamlReader.read(text);
    } catch (YamlException e) {
      Problems problems = new Problems();
      problems.add("file", e.message(), e.expected());
      Sentences.check(problems.sorted());
      return;
    }
    holds(nodes(file, 0) <= MAX_NODES, "values have a limit, aliases counted");
    Problems problems = new Problems();
    SettingSources.file(file, problems);
    if (problems.count() > 0) {
      Sentences.check(problems.sorted());
    }
    CheckedFile compose = ComposeFile.check(file, Optional.empty());
    if (!compose.problems().isEmpty()) {
      Sentences.check(compose.problems());
    }
  }

  private static void services(String text, Optional<String> domain) {
    switch (ServicesFile.parse(text, domain)) {
      case Parsed.Invalid<?>(var problems) -> Sentences.check(problems);
      case Parsed.Valid(var services) ->
          services.forEach(
              service -> {
                holds(!service.endpoints().isEmpty(), "a service has endpoints");
                holds(!service.definition().routes().isEmpty(), "a service has a route");
                same(
                    service.endpoints().stream().distinct().count(),
                    (long) service.endpoints().size(),
                    "each endpoint once");
              });
    }
  }

  private static int nodes(Yaml yaml, int depth) {
    holds(depth <= MAX_DEPTH, "levels have a limit");
    return switch (yaml) {
      case Yaml.Mapping(var entries) -> {
        int nodes = 1;
        for (Yaml entry : entries.values()) {
          nodes += nodes(entry, depth + 1);
        }
        yield nodes;
      }
      case Yaml.Sequence(var items) -> {
        int nodes = 1;
        for (Yaml item : items) {
          nodes += nodes(item, depth + 1);
        }
        yield nodes;
      }
      default -> 1;
    };
  }
}
