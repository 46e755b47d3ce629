package dev.fairlead.config.load;

import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.schema.ServiceOptions;
import dev.fairlead.config.schema.SettingOptions;
import dev.fairlead.config.schema.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Reads the {@code services} of a YAML file. Sections of settings may stand beside them, as the
 * settings file can hold both; they are left to {@link SettingsLoader}.
 */
public final class ServicesFile {

  static final String SERVICES = "services";

  private static final int MAX_SERVICES = 1000;

  private ServicesFile() {}

  /**
   * Reads a file.
   *
   * @param domain of services without a host
   * @return the services that are not switched off, in the order of the file
   */
  public static Parsed<List<StaticService>> read(Path file, Optional<String> domain) {
    Problems problems = new Problems();
    try {
      return parse(file.toString(), TextFile.read(file), domain);
    } catch (TextFile.Unreadable e) {
      problems.add(file.toString(), e.message(), "a readable YAML file");
      return problems.orElse(List::of);
    }
  }

  /** The same for the text of a file. */
  public static Parsed<List<StaticService>> parse(String yaml, Optional<String> domain) {
    return parse("YAML", yaml, domain);
  }

  private static Parsed<List<StaticService>> parse(
      String name, String text, Optional<String> domain) {
    Problems problems = new Problems();
    List<StaticService> services = new ArrayList<>();
    try {
      Yaml.Mapping file = YamlReader.read(text);
      checkTop(file, problems);
      services.addAll(services(file, domain, problems));
    } catch (YamlException e) {
      problems.add(name, e.message(), e.expected());
    }
    return problems.orElse(() -> List.copyOf(services));
  }

  private static void checkTop(Yaml.Mapping file, Problems problems) {
    List<String> known = new ArrayList<>(SettingOptions.ALL.namesBelow(""));
    known.add(SERVICES);
    for (String key : file.entries().keySet()) {
      if (!known.contains(key)) {
        problems.add(key, Problems.UNKNOWN, () -> Spelling.nearest(key, known).orElse(SERVICES));
      }
    }
  }

  /** Reads the services of a file whose other keys were looked at elsewhere. */
  static List<StaticService> services(
      Yaml.Mapping file, Optional<String> domain, Problems problems) {
    Yaml section = file.entries().get(SERVICES);
    if (section == null || section.isNothing()) {
      return List.of();
    }
    if (!(section instanceof Yaml.Mapping(var services))) {
      problems.add(SERVICES, section.shown(), "names of services with their keys");
      return List.of();
    }
    if (services.size() > MAX_SERVICES) {
      problems.add(SERVICES, services.size() + " services", "at most " + MAX_SERVICES);
      return List.of();
    }
    List<StaticService> read = new ArrayList<>();
    services.forEach((name, keys) -> service(name, keys, domain, problems).ifPresent(read::add));
    return read;
  }

  private static Optional<StaticService> service(
      String name, Yaml keys, Optional<String> domain, Problems problems) {
    String prefix = SERVICES + "." + name + ".";
    if (!(keys instanceof Yaml.Mapping mapping)) {
      problems.add(SERVICES + "." + name, keys.shown(), "keys with values, endpoints at least");
      return Optional.empty();
    }
    SortedMap<String, Entry> entries =
        YamlEntries.flatten(
            mapping, prefix, _ -> false, ServiceOptions.STATIC_SERVICE::isBelowAnother, problems);
    if (!ServiceReader.isOptedIn(entries)) {
      return Optional.empty();
    }
    var place =
        new ServiceEntries.Place(
            prefix, ServiceOptions.STATIC_SERVICE, ServiceOptions.STATIC_ROUTE);
    ServiceReader reader = new ServiceReader(name, domain, place, entries, problems);
    if (!reader.own().isGiven(ServiceOptions.ENDPOINTS)) {
      problems.add(
          prefix + ServiceOptions.ENDPOINTS.key(),
          "",
          "one or more addresses such as " + ServiceOptions.ENDPOINTS.example());
    }
    List<EndpointSpec> endpoints = reader.own().find(ServiceOptions.ENDPOINTS).orElse(List.of());
    Set<String> addresses = new HashSet<>();
    for (EndpointSpec endpoint : endpoints) {
      if (!addresses.add(endpoint.toString())) {
        problems.add(
            reader.own().pathOf(ServiceOptions.ENDPOINTS), endpoint.toString(), "one weight");
      }
    }
    return Optional.of(new StaticService(reader.definition(), endpoints));
  }
}
