package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.load.ServiceDefinition;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.EndpointSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.discovery.FoundService;
import dev.fairlead.discovery.swarm.SwarmTranslator.Translation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden files: each folder of {@code swarm} in the resources is a case, and its name says what it
 * shows. {@code tasks.json} and {@code services.json} are what an engine answers, {@code
 * before.json} are the services of the look before, if any; {@code expected.txt} is what comes of
 * it. The proxy's own task is the one at 10.0.1.2.
 */
class SwarmTranslatorTest {

  private static final Set<String> OWN_ADDRESSES =
      Set.of("10.0.0.7", "10.0.1.2", "10.0.2.2", "172.18.0.3");

  static Stream<String> cases() throws IOException, URISyntaxException {
    URL root = Objects.requireNonNull(SwarmTranslatorTest.class.getResource("/swarm"));
    try (Stream<Path> folders = Files.list(Path.of(root.toURI()))) {
      return folders.map(folder -> String.valueOf(folder.getFileName())).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void translatesAsTheGoldenFileSays(String name)
      throws IOException, URISyntaxException, EngineException {
    URL url = Objects.requireNonNull(SwarmTranslatorTest.class.getResource("/swarm/" + name));
    Path folder = Path.of(url.toURI());
    List<SwarmTask> tasks = EngineJson.tasks(Files.newInputStream(folder.resolve("tasks.json")));
    List<SwarmNetwork> own =
        new OwnNetworks(List.of(), () -> new Machine(OWN_ADDRESSES, "0123456789ab"))
            .find(tasks, List.of());

    Map<String, ServiceDefinition> before = Map.of();
    if (Files.exists(folder.resolve("before.json"))) {
      before = translate(folder.resolve("before.json"), tasks, own, Map.of()).definitions();
    }
    Translation translation = translate(folder.resolve("services.json"), tasks, own, before);

    assertThat(text(translation)).isEqualTo(Files.readString(folder.resolve("expected.txt")));
  }

  private static Translation translate(
      Path services,
      List<SwarmTask> tasks,
      List<SwarmNetwork> own,
      Map<String, ServiceDefinition> before)
      throws IOException {
    return SwarmTranslator.translate(
        new SwarmState(EngineJson.services(Files.newInputStream(services)), tasks, own),
        Optional.of("example.com"),
        before);
  }

  private static String text(Translation translation) {
    StringBuilder text = new StringBuilder();
    for (FoundService service : translation.services()) {
      text.append("service %s since %s\n".formatted(service.name(), service.since()));
      for (RouteSpec route : service.routes()) {
        text.append(
            "  route %s: %s%s to %s, tls %s%s\n"
                .formatted(
                    route.name(),
                    route.match(),
                    route.stripPath() ? " stripped" : "",
                    route.cluster(),
                    route.tls(),
                    route.redirectToHttps() ? ", redirect" : ""));
      }
      for (ClusterSpec cluster : service.clusters()) {
        text.append(
            "  cluster %s, %s: %s\n"
                .formatted(
                    cluster.name(),
                    cluster.policy().balance(),
                    String.join(
                        " ", cluster.endpoints().stream().map(EndpointSpec::toString).toList())));
      }
    }
    translation.problems().forEach(problem -> text.append("problem %s\n".formatted(problem)));
    return text.toString();
  }
}
