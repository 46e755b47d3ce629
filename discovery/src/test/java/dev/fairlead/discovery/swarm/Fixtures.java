package dev.fairlead.discovery.swarm;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Short JSON of the engine, where the golden files' whole form does not matter. */
final class Fixtures {

  /** The proxy's own task, at 10.0.1.2 on reverse-proxy. */
  static final String PROXY_TASK = task("t0", "s0", "running", "10.0.1.2");

  static String list(String... items) {
    return Stream.of(items).collect(Collectors.joining(",", "[", "]"));
  }

  static String service(String id, String name, Map<String, String> labels) {
    String text =
        labels.entrySet().stream()
            .map(label -> "\"%s\":\"%s\"".formatted(label.getKey(), label.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    return """
    {"ID":"%s","CreatedAt":"2026-01-01T00:00:00Z","Spec":{"Name":"%s","Labels":%s,
    "TaskTemplate":{"Networks":[{"Target":"n1"}]}}}\
    """
        .formatted(id, name, text);
  }

  static String task(String id, String serviceId, String state, String address) {
    return """
    {"ID":"%s","ServiceID":"%s","DesiredState":"running","Status":{"State":"%s"},
    "NetworksAttachments":[{"Network":{"ID":"n1","Spec":{"Name":"reverse-proxy"}},
    "Addresses":["%s/24"]}]}\
    """
        .formatted(id, serviceId, state, address);
  }

  private Fixtures() {}
}
