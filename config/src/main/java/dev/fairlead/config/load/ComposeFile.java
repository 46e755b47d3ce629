package dev.fairlead.config.load;

import dev.fairlead.config.schema.ServiceOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Checks the labels in a Compose file: {@code services.<name>.deploy.labels}, in the map form or
 * the list form. Nothing else in the file is looked at, and no other file is opened ({@code
 * extends}, {@code include}, {@code env_file}).
 */
final class ComposeFile {

  /** Stands for the domain where nobody said which it is (RFC 6761 §6.4: never a real one). */
  static final String UNKNOWN_DOMAIN = "domain.invalid";

  /** {@code $NAME} or <code>${NAME…}</code>; {@code $$} is a dollar sign. */
  private static final Pattern VARIABLE =
      Pattern.compile("(?<!\\$)(?:\\$\\$)*\\$(?:\\{|[A-Za-z_])");

  private final String domain;
  private final Problems problems = new Problems();
  private final List<String> unchecked = new ArrayList<>();
  private final List<ServiceDefinition> services = new ArrayList<>();

  private ComposeFile(String domain) {
    this.domain = domain;
  }

  static CheckedFile check(Yaml.Mapping file, Optional<String> domain) {
    ComposeFile check = new ComposeFile(domain.orElse(UNKNOWN_DOMAIN));
    mapping(file, ServicesFile.SERVICES)
        .forEach(
            (name, keys) -> {
              if (keys instanceof Yaml.Mapping service) {
                check.service(name, service);
              }
            });
    return new CheckedFile(
        CheckedFile.Kind.COMPOSE, check.services, check.unchecked, check.problems.sorted());
  }

  private void service(String name, Yaml.Mapping service) {
    String path = ServicesFile.SERVICES + "." + name;
    Map<String, Yaml> labels = labels(new Yaml.Mapping(mapping(service, "deploy")));
    labels(service)
        .forEach(
            (label, value) -> {
              if (isOurs(label) && !labels.containsKey(label)) {
                problems.add(
                    path + ".labels." + label,
                    value.shown(),
                    "under " + path + ".deploy.labels, as these are the container's");
              }
            });
    SortedMap<String, Entry> entries = entries(path + ".deploy.labels.", labels);
    if (ServiceReader.isOptedIn(entries)) {
      check(name, path + ".deploy.labels." + ServiceOptions.LABEL_PREFIX, entries);
    }
  }

  private void check(String name, String prefix, SortedMap<String, Entry> entries) {
    int before = problems.count();
    var place = new ServiceEntries.Place(prefix, ServiceOptions.SERVICE, ServiceOptions.ROUTE);
    ServiceDefinition definition =
        new ServiceReader(name, Optional.of(domain), place, entries, problems).definition();
    List<String> later =
        entries.values().stream()
            .filter(entry -> entry.kind() == Entry.Kind.VARIABLE)
            .map(Entry::path)
            .toList();
    unchecked.addAll(later);
    if (later.isEmpty() && problems.count() == before) {
      services.add(definition);
    }
  }

  private static SortedMap<String, Entry> entries(String prefix, Map<String, Yaml> labels) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    labels.forEach(
        (label, value) -> {
          if (isOurs(label)) {
            entries.put(
                label.substring(ServiceOptions.LABEL_PREFIX.length()),
                entry(prefix + label, value));
          }
        });
    return entries;
  }

  private static Entry entry(String path, Yaml value) {
    return switch (value) {
      case Yaml.Scalar(String text) when !VARIABLE.matcher(text).find() ->
          Entry.of(path, text.replace("$$", "$"));
      case Yaml.Scalar _, Yaml.Alias _ -> new Entry(path, value.shown(), Entry.Kind.VARIABLE);
      default -> new Entry(path, value.shown(), Entry.Kind.NO_TEXT);
    };
  }

  private static boolean isOurs(String label) {
    return label.startsWith(ServiceOptions.LABEL_PREFIX);
  }

  /** The {@code labels} below a service or its {@code deploy}, in either form. */
  private static Map<String, Yaml> labels(Yaml.Mapping parent) {
    if (!(parent.entries().get("labels") instanceof Yaml.Sequence(var items))) {
      return mapping(parent, "labels");
    }
    Map<String, Yaml> labels = new LinkedHashMap<>();
    for (Yaml item : items) {
      if (item instanceof Yaml.Scalar(String text)) {
        int equals = text.indexOf('=');
        labels.put(
            equals < 0 ? text : text.substring(0, equals),
            new Yaml.Scalar(equals < 0 ? "" : text.substring(equals + 1)));
      }
    }
    return labels;
  }

  private static SequencedMap<String, Yaml> mapping(Yaml.Mapping parent, String key) {
    return parent.entries().get(key) instanceof Yaml.Mapping(var entries)
        ? entries
        : new LinkedHashMap<>();
  }
}
