package dev.fairlead.discovery.swarm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the engine's lists of tasks, services and networks. Takes what this program uses and
 * tolerates everything else: fields and states it does not know, and fields that are missing.
 */
final class EngineJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectReader TASKS = MAPPER.readerForListOf(Task.class);
  private static final ObjectReader SERVICES = MAPPER.readerForListOf(Service.class);
  private static final ObjectReader NETWORKS = MAPPER.readerForListOf(ListedNetwork.class);

  /**
   * The tasks in an answer.
   *
   * @throws IOException when it is no JSON list of tasks
   */
  static List<SwarmTask> tasks(byte[] json) throws IOException {
    return EngineJson.<Task>list(TASKS, json).map(Task::toTask).toList();
  }

  /**
   * The services in an answer.
   *
   * @throws IOException when it is no JSON list of services, each with an id and a name
   */
  static List<SwarmService> services(byte[] json) throws IOException {
    List<Service> services = EngineJson.<Service>list(SERVICES, json).toList();
    if (services.stream().anyMatch(service -> service.id == null || service.spec == null)) {
      throw new IOException("a service without an id or a spec");
    }
    return services.stream().map(Service::toService).toList();
  }

  /**
   * The networks in an answer.
   *
   * @throws IOException when it is no JSON list of networks
   */
  static List<SwarmNetwork> networks(byte[] json) throws IOException {
    return EngineJson.<ListedNetwork>list(NETWORKS, json).map(ListedNetwork::toNetwork).toList();
  }

  private static <T> Stream<T> list(ObjectReader reader, byte[] json) throws IOException {
    // JSON's null is how Go spells an empty list.
    @Nullable List<T> list = reader.readValue(json);
    return list == null ? Stream.of() : list.stream().filter(Objects::nonNull);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static <T> Stream<T> items(@Nullable List<T> list) {
    return list == null ? Stream.of() : list.stream().filter(Objects::nonNull);
  }

  private static Map<String, String> labels(@Nullable Map<String, @Nullable String> labels) {
    Map<String, String> texts = new HashMap<>();
    if (labels != null) {
      labels.forEach((key, value) -> texts.put(key, text(value)));
    }
    return texts;
  }

  private static String stack(@Nullable Map<String, @Nullable String> labels) {
    return labels(labels).getOrDefault(SwarmService.STACK_LABEL, "");
  }

  private record Task(
      @Nullable String id,
      @Nullable String serviceId,
      @Nullable String desiredState,
      @Nullable Status status,
      @Nullable List<Attachment> networksAttachments) {

    SwarmTask toTask() {
      Optional<Status> known = Optional.ofNullable(status);
      return new SwarmTask(
          text(id),
          text(serviceId),
          text(desiredState),
          known.map(Status::state).orElse(""),
          known.map(Status::containerStatus).map(ContainerStatus::containerId).orElse(""),
          items(networksAttachments).flatMap(Attachment::toAttachment).toList());
    }
  }

  private record Status(@Nullable String state, @Nullable ContainerStatus containerStatus) {}

  private record ContainerStatus(@Nullable String containerId) {}

  private record Attachment(@Nullable Network network, @Nullable List<String> addresses) {
    Stream<SwarmTask.Attachment> toAttachment() {
      return network == null || network.id == null
          ? Stream.of()
          : Stream.of(
              new SwarmTask.Attachment(
                  network.toNetwork(), items(addresses).map(a -> a.split("/", 2)[0]).toList()));
    }
  }

  private record Network(@Nullable String id, @Nullable NetworkSpec spec) {
    SwarmNetwork toNetwork() {
      Optional<NetworkSpec> known = Optional.ofNullable(spec);
      return new SwarmNetwork(
          text(id),
          known.map(NetworkSpec::name).orElse(""),
          stack(spec == null ? null : spec.labels),
          known.map(NetworkSpec::ingress).orElse(false));
    }
  }

  /** A network as {@code GET /networks} spells it. */
  private record ListedNetwork(
      @Nullable String id,
      @Nullable String name,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable Boolean ingress) {

    SwarmNetwork toNetwork() {
      return new SwarmNetwork(text(id), text(name), stack(labels), Boolean.TRUE.equals(ingress));
    }
  }

  private record NetworkSpec(
      @Nullable String name,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable Boolean ingress) {}

  private record Service(
      @Nullable String id, @Nullable String createdAt, @Nullable ServiceSpec spec) {

    SwarmService toService() {
      Optional<ServiceSpec> known = Optional.ofNullable(spec);
      return new SwarmService(
          text(id),
          known.map(ServiceSpec::name).orElse(""),
          instant(text(createdAt)),
          labels(spec == null ? null : spec.labels),
          known.stream()
              .flatMap(ServiceSpec::attachedTo)
              .flatMap(target -> Stream.ofNullable(target.target))
              .distinct()
              .toList());
    }

    private static Instant instant(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        // Newer than any service with a date: it does not take what another has.
        return Instant.MAX;
      }
    }
  }

  /** {@code networks} is where engines before API version 1.25 keep what is in the template now. */
  private record ServiceSpec(
      @Nullable String name,
      @Nullable Map<String, @Nullable String> labels,
      @Nullable TaskTemplate taskTemplate,
      @Nullable List<Target> networks) {

    Stream<Target> attachedTo() {
      return Stream.concat(
          items(taskTemplate == null ? null : taskTemplate.networks), items(networks));
    }
  }

  private record TaskTemplate(@Nullable List<Target> networks) {}

  private record Target(@Nullable String target) {}

  private EngineJson() {}
}
