package dev.fairlead.discovery.swarm;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the engine's lists of tasks, services and networks. Takes what this program uses and
 * tolerates everything else: fields and states it does not know, and fields that are missing. In
 * one pass: the lists of a large Swarm are megabytes, and most of it is of no use here.
 */
final class EngineJson {

  /**
   * The tasks in an answer.
   *
   * @throws IOException when it is no JSON list of tasks
   */
  static List<SwarmTask> tasks(InputStream json) throws IOException {
    List<SwarmTask> tasks = new ArrayList<>();
    // Thousands of tasks are on the same few networks: each is kept once.
    Map<SwarmNetwork, SwarmNetwork> networks = new HashMap<>();
    JsonReader.list(json, in -> () -> tasks.add(new Task(in, networks).read()));
    return tasks;
  }

  /**
   * The services in an answer.
   *
   * @throws IOException when it is no JSON list of services, each with an id and a spec
   */
  static List<SwarmService> services(InputStream json) throws IOException {
    List<SwarmService> services = new ArrayList<>();
    JsonReader.list(json, in -> () -> services.add(new Service(in).read()));
    return services;
  }

  /**
   * The networks in an answer.
   *
   * @throws IOException when it is no JSON list of networks
   */
  static List<SwarmNetwork> networks(InputStream json) throws IOException {
    List<SwarmNetwork> networks = new ArrayList<>();
    JsonReader.list(json, in -> () -> networks.add(new Network(in).readListed()));
    return networks;
  }

  /** One that is read. */
  private static final class Task {
    private final JsonReader in;
    private final Map<SwarmNetwork, SwarmNetwork> networks;
    private final List<SwarmTask.Attachment> attachments = new ArrayList<>(2);
    private String id = "";
    private String serviceId = "";
    private String desiredState = "";
    private String state = "";
    private String containerId = "";

    Task(JsonReader in, Map<SwarmNetwork, SwarmNetwork> networks) {
      this.in = in;
      this.networks = networks;
    }

    SwarmTask read() throws IOException {
      in.object(
          name -> {
            switch (name) {
              case "ID" -> id = in.text();
              case "ServiceID" -> serviceId = in.text();
              case "DesiredState" -> desiredState = in.text();
              case "Status" -> in.object(this::status);
              case "NetworksAttachments" -> in.list(this::attachment);
              default -> in.skip();
            }
          });
      return new SwarmTask(id, serviceId, desiredState, state, containerId, attachments);
    }

    private void status(String name) throws IOException {
      switch (name) {
        case "State" -> state = in.text();
        case "ContainerStatus" -> in.object(this::containerStatus);
        default -> in.skip();
      }
    }

    private void containerStatus(String name) throws IOException {
      if (name.equals("ContainerID")) {
        containerId = in.text();
      } else {
        in.skip();
      }
    }

    private void attachment() throws IOException {
      Network network = new Network(in);
      List<String> addresses = new ArrayList<>(1);
      in.object(
          name -> {
            switch (name) {
              case "Network" -> in.object(network::field);
              case "Addresses" -> in.list(() -> addresses.add(in.text().split("/", 2)[0]));
              default -> in.skip();
            }
          });
      if (!network.id.isEmpty()) {
        SwarmNetwork one = network.toNetwork();
        attachments.add(
            new SwarmTask.Attachment(networks.computeIfAbsent(one, same -> same), addresses));
      }
    }
  }

  /** One that is read: within a task, or as {@code GET /networks} spells it. */
  private static final class Network {
    private final JsonReader in;
    private String id = "";
    private String name = "";
    private String stack = "";
    private boolean ingress;

    Network(JsonReader in) {
      this.in = in;
    }

    SwarmNetwork readListed() throws IOException {
      in.object(
          field -> {
            if (field.equals("Id")) {
              id = in.text();
            } else {
              spec(field);
            }
          });
      return toNetwork();
    }

    void field(String field) throws IOException {
      switch (field) {
        case "ID" -> id = in.text();
        case "Spec" -> in.object(this::spec);
        default -> in.skip();
      }
    }

    private void spec(String field) throws IOException {
      switch (field) {
        case "Name" -> name = in.text();
        case "Labels" -> stack = in.texts().getOrDefault(SwarmService.STACK_LABEL, "");
        case "Ingress" -> ingress = in.truth();
        default -> in.skip();
      }
    }

    SwarmNetwork toNetwork() {
      return new SwarmNetwork(id, name, stack, ingress);
    }
  }

  /** One that is read. */
  private static final class Service {
    private final JsonReader in;
    private final Set<String> networks = new LinkedHashSet<>();
    private Map<String, String> labels = Map.of();
    private String id = "";
    private String name = "";
    private String createdAt = "";
    private boolean hasSpec;

    Service(JsonReader in) {
      this.in = in;
    }

    SwarmService read() throws IOException {
      in.object(
          field -> {
            switch (field) {
              case "ID" -> id = in.text();
              case "CreatedAt" -> createdAt = in.text();
              case "Spec" -> in.object(this::spec);
              default -> in.skip();
            }
          });
      if (id.isEmpty() || !hasSpec) {
        throw new IOException("a service without an id or a spec");
      }
      return new SwarmService(id, name, created(), labels, List.copyOf(networks));
    }

    private void spec(String field) throws IOException {
      hasSpec = true;
      switch (field) {
        case "Name" -> name = in.text();
        case "Labels" -> labels = in.texts();
        case "TaskTemplate" -> in.object(this::template);
        // where engines before API version 1.25 keep what is in the template now
        case "Networks" -> in.list(this::target);
        default -> in.skip();
      }
    }

    private void template(String field) throws IOException {
      if (field.equals("Networks")) {
        in.list(this::target);
      } else {
        in.skip();
      }
    }

    private void target() throws IOException {
      in.object(
          field -> {
            if (!field.equals("Target")) {
              in.skip();
            } else if (!in.text().isEmpty()) {
              networks.add(in.text());
            }
          });
    }

    private Instant created() {
      try {
        return Instant.parse(createdAt);
      } catch (DateTimeException e) {
        // Newer than any service with a date: it does not take what another has.
        return Instant.MAX;
      }
    }
  }

  private EngineJson() {}
}
