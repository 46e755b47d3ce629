package dev.fairlead.config.schema;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code docs/reference.md} from the catalogue. */
final class ReferencePage {

  private static final String HEAD =
      """
      # Reference

      This page is written from the catalogue of options (`config/src/main/java/dev/fairlead/config/schema`); a test
      compares the two.

      `fairlead check FILE` checks a settings file or a Compose file against these tables without running anything.

      ## Settings

      One key has three spellings: `acme.email` below is

      - `acme:` and in it `email: me@example.com` in the YAML file,
      - `FAIRLEAD_ACME_EMAIL=me@example.com` in the environment,
      - `--acme.email=me@example.com` on the command line.

      A flag wins over a variable, a variable over the file, the file over the default. `FAIRLEAD_ACME_EMAIL_FILE` names
      a file that holds the value, such as a Docker secret; every variable has such a twin, and what came from a file is
      never shown. A key or a `FAIRLEAD_` variable that is not in this table is an error, and so is an empty value.
      Durations are whole numbers with `ms`, `s`, `m` or `h`, sizes such with `B`, `KB`, `MB` or `GB` (1,000 of the one
      before) or `KiB`, `MiB` or `GiB` (1,024); lists have commas between their values, or are YAML lists.

      """;

  private static final String LABELS =
      """

      ## Labels of a service

      Each key follows `fairlead.` in a label under `deploy.labels`: `fairlead.port: "8080"`. Any of them opts a service
      in, but `fairlead.enable=false`.

      """;

  private static final String ROUTES =
      """

      More routes of the same service have a name: `fairlead.routes.<name>.<key>` with any key but `enable`. What such a
      route does not set itself it takes from the keys of the service, but for `path`. When there are only
      `fairlead.routes.…` labels, the service has no route but these. Routes of a service to one port have the same
      `scheme`, `proxy-protocol`, `balance`, `slow-start`, `eject` and `network`.

      A service has at most 64 named routes, a list at most 100 hosts, a label at most 4096 characters. An unquoted `off`
      becomes `false` on its way through older Docker engines; `tls`, `redirect` and `proxy-protocol` read `false` as
      `off`.

      ## Services of a YAML file

      `services` in the settings file, or in the file that `file.path` names, describes services that Docker does not
      know. Their keys are those above, but for `port` and `network`, and

      """;

  private static final String EXAMPLE =
      """

      ```yaml
      services:
        nas:
          host: [nas.example.com, files.example.com]
          endpoints: ["10.0.0.5:8080", "10.0.0.6:8080"]
          routes:
            api:
              path: /api
              path.strip: true
      ```
      """;

  private ReferencePage() {}

  static String markdown() {
    return HEAD
        + settings()
        + LABELS
        + services(ServiceOptions.SERVICE.options().stream())
        + ROUTES
        + services(Stream.of(ServiceOptions.ENDPOINTS))
        + EXAMPLE;
  }

  private static String settings() {
    return table(
        List.of("key", "variable", "type", "default", "meaning"),
        SettingOptions.ALL.options().stream()
            .map(
                option ->
                    List.of(
                        code(option.key()),
                        code(option.variable()),
                        option.type().name(),
                        defaultOf(option),
                        option.doc())));
  }

  private static String services(Stream<Option<?>> options) {
    return table(
        List.of("key", "type", "default", "meaning", "example"),
        options.map(
            option ->
                List.of(
                    code(option.key()),
                    option.type().name(),
                    defaultOf(option),
                    option.doc(),
                    code(shortened(option.example())))));
  }

  private static String table(List<String> head, Stream<List<String>> rows) {
    List<String> line = head.stream().map(_ -> "---").toList();
    return Stream.concat(Stream.of(head, line), rows)
        .map(cells -> "| " + String.join(" | ", cells) + " |\n")
        .collect(Collectors.joining());
  }

  private static String defaultOf(Option<?> option) {
    return option.defaultValue().isPresent() ? code(option.defaultText()) : option.defaultText();
  }

  private static String shortened(String example) {
    String line = example.replaceAll("\\s+", " ");
    return line.length() > 60 ? line.substring(0, 40) + "…" : line;
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
