package dev.fairlead.discovery.swarm;

import static dev.fairlead.discovery.swarm.FakeEngine.text;
import static dev.fairlead.discovery.swarm.Fixtures.PROXY_TASK;
import static dev.fairlead.discovery.swarm.Fixtures.list;
import static dev.fairlead.discovery.swarm.Fixtures.service;
import static dev.fairlead.discovery.swarm.Fixtures.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.DockerSettings;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.discovery.Discovery;
import dev.fairlead.discovery.FoundService;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks at an engine that does well, badly, or nothing at all. Long, as each of these is a few
 * lines on the same set-up.
 */
class SwarmProviderTest {

  private static final String SHOP = service("s1", "shop", Map.of("fairlead.port", "80"));
  private static final Duration POLL = Duration.ofMillis(500);

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger wakes = new AtomicInteger();
  private FakeEngine engine;
  private @Nullable SwarmProvider provider;

  @BeforeEach
  void startEngine() throws IOException {
    engine = FakeEngine.start();
    engine.on("/services", text(200, list(SHOP)));
    engine.on("/tasks", text(200, list(PROXY_TASK, task("t1", "s1", "running", "10.0.1.5"))));
  }

  @AfterEach
  void stop() {
    if (provider != null) {
      provider.close();
    }
    engine.close();
  }

  private SwarmProvider provider() {
    return provider(engine.endpoint(), List.of());
  }

  private SwarmProvider provider(URI endpoint, List<String> networks) {
    // Short, as some tests wait for it; long enough for an answer on a busy machine.
    return provider(endpoint, networks, Duration.ofSeconds(2));
  }

  private SwarmProvider provider(URI endpoint, List<String> networks, Duration timeout) {
    SwarmProvider made =
        SwarmProvider.of(
            new DockerSettings(true, endpoint, POLL, timeout, networks),
            Optional.of("example.com"),
            clock,
            () -> new Machine(Set.of("10.0.1.2", "172.18.0.4"), "proxy"));
    provider = made;
    return made;
  }

  private static List<String> endpoints(Discovery discovery) {
    assertThat(discovery).isInstanceOf(Discovery.Complete.class);
    return ((Discovery.Complete) discovery)
        .services().stream()
            .flatMap(found -> found.clusters().stream())
            .map(ClusterSpec::toString)
            .map(text -> text.replaceAll(".*endpoints=|]$", ""))
            .toList();
  }

  private static List<String> services(Discovery discovery) {
    assertThat(discovery).isInstanceOf(Discovery.Complete.class);
    return ((Discovery.Complete) discovery).services().stream().map(FoundService::name).toList();
  }

  private static String cause(Discovery discovery) {
    assertThat(discovery).isInstanceOf(Discovery.Failed.class);
    return ((Discovery.Failed) discovery).cause();
  }

  @Test
  void findsALabelledServiceAndItsTask() {
    assertThat(endpoints(provider().look())).containsExactly("[10.0.1.5:80]");
  }

  @Test
  void worksOverAUnixSocket(@TempDir Path directory) throws IOException {
    try (UnixBridge bridge = UnixBridge.start(directory.resolve("docker.sock"), engine.port())) {
      assertThat(endpoints(provider(bridge.endpoint(), List.of()).look()))
          .containsExactly("[10.0.1.5:80]");
    }
  }

  @Test
  void speaksTheOlderOfTheTwoVersions() {
    engine.on("/_ping", engine.ping("1.41"));
    provider().look();
    assertThat(engine.requests()).containsExactly("/_ping", "/v1.41/tasks", "/v1.41/services");
  }

  @Test
  void doesNotSpeakNewerThanItKnows() {
    engine.on("/_ping", engine.ping("1.99"));
    provider().look();
    assertThat(engine.requests()).contains("/v" + ApiVersion.OURS + "/tasks");
  }

  @Test
  void leavesTheVersionToAnEngineThatDoesNotNameOne() {
    engine.on("/_ping", text(200, "OK"));
    provider().look();
    assertThat(engine.requests()).contains("/tasks");
  }

  @Test
  void negotiatesAgainAfterAFailedLook() {
    SwarmProvider swarm = provider();
    swarm.look();
    engine.on("/tasks", text(400, "{\"message\":\"client version 1.52 is too new\"}"));
    assertThat(cause(swarm.look())).contains("answered GET /tasks with 400").contains("too new");

    engine.on("/_ping", engine.ping("1.44"));
    engine.on("/tasks", text(200, list(PROXY_TASK)));
    swarm.look();
    assertThat(engine.requests()).contains("/v1.44/tasks");
  }

  @Test
  void aSteadyPollIsOneCall() {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> wakes.get() == 1);
    Discovery first = swarm.look();
    long servicesBefore = engine.count("/services");
    long tasksBefore = engine.count("/tasks");

    assertThat(swarm.look()).isSameAs(first);
    assertThat(swarm.look()).isSameAs(first);
    assertThat(engine.count("/tasks")).isEqualTo(tasksBefore + 2);
    assertThat(engine.count("/services")).isEqualTo(servicesBefore);
  }

  @Test
  void withoutAStreamOfEventsEachPollAsksForTheServices() {
    engine.on("/events", text(500, "{}"));
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    swarm.look();
    swarm.look();

    assertThat(engine.count("/services")).isEqualTo(2);
  }

  @Test
  void anEventWakesAndHasTheServicesAskedFor() throws IOException {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> engine.openStreams() == 1 && wakes.get() == 1);
    swarm.look();
    clock.move(Duration.ofSeconds(60));
    swarm.look();
    assertThat(swarm.pause()).isEqualTo(POLL);
    long servicesBefore = engine.count("/services");

    engine.on("/services", text(200, "[]"));
    engine.event();
    await().until(() -> wakes.get() == 2);
    assertThat(services(swarm.look())).isEmpty();
    // once whether they have changed, and once for what they are
    assertThat(engine.count("/services")).isEqualTo(servicesBefore + 2);
    assertThat(swarm.pause()).isEqualTo(Duration.ofMillis(100));

    clock.move(Duration.ofSeconds(9));
    assertThat(swarm.pause()).isEqualTo(Duration.ofMillis(100));
    clock.move(Duration.ofSeconds(2));
    assertThat(swarm.pause()).isEqualTo(POLL);
  }

  @Test
  void aStreamThatEndsIsOpenedAgainAndCountsAsAnEvent() {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> engine.openStreams() == 1 && wakes.get() == 1);

    engine.endStreams();
    await().until(() -> engine.openStreams() == 1 && wakes.get() == 2);
  }

  @Test
  void aTaskOfAnUnknownServiceHasTheServicesAskedForOnce() {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> wakes.get() == 1);
    swarm.look();
    long before = engine.count("/services");

    engine.on(
        "/services", text(200, list(SHOP, service("s2", "blog", Map.of("fairlead.port", "80")))));
    engine.on("/tasks", text(200, list(PROXY_TASK, task("t2", "s2", "running", "10.0.1.6"))));
    assertThat(services(swarm.look())).containsExactly("shop", "blog");

    engine.on("/tasks", text(200, list(PROXY_TASK, task("t3", "s3", "running", "10.0.1.7"))));
    swarm.look();
    swarm.look();
    swarm.look();
    // twice for the blog, which is new; once for what nobody knows
    assertThat(engine.count("/services")).isEqualTo(before + 3);
  }

  @Test
  void aStreamOfEventsThatIsDeadDelaysANewLabelByTwoSecondsAtMost() {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> wakes.get() == 1);
    swarm.look();
    engine.on("/services", text(200, "[]"));
    assertThat(services(swarm.look())).containsExactly("shop");

    clock.move(Duration.ofSeconds(2).minus(POLL));
    assertThat(services(swarm.look())).isEmpty();
  }

  @Test
  void aStreamOnThisMachineIsReliedOnForLonger(@TempDir Path directory) throws IOException {
    try (UnixBridge bridge = UnixBridge.start(directory.resolve("docker.sock"), engine.port())) {
      SwarmProvider swarm = provider(bridge.endpoint(), List.of());
      swarm.start(wakes::incrementAndGet);
      await().until(() -> wakes.get() == 1);
      swarm.look();
      engine.on("/services", text(200, "[]"));
      clock.move(Duration.ofSeconds(9));
      assertThat(services(swarm.look())).containsExactly("shop");
      clock.move(Duration.ofSeconds(1));
      assertThat(services(swarm.look())).isEmpty();
    }
  }

  @Test
  void aFailedListOfServicesKeepsTheNewTasksOutToo() {
    SwarmProvider swarm = provider();
    Discovery before = swarm.look();
    engine.on("/tasks", text(200, list(PROXY_TASK)));
    engine.on("/services", text(500, "{\"message\":\"rpc error: no leader\"}"));

    assertThat(cause(swarm.look())).contains("GET /services with 500").contains("no leader");
    engine.on("/services", text(200, list(SHOP)));
    assertThat(endpoints(before)).containsExactly("[10.0.1.5:80]");
    assertThat(endpoints(swarm.look())).containsExactly("[]");
  }

  @Test
  void unknownStatesAndFieldsAreTolerated() {
    engine.on(
        "/tasks",
        text(
            200,
            list(
                PROXY_TASK,
                task("t1", "s1", "running", "10.0.1.5"),
                task("t2", "s1", "hibernating", "10.0.1.6"),
                "{\"ID\":\"t3\",\"Novelty\":{\"Deep\":[1]},\"Status\":null}",
                "null")));
    assertThat(endpoints(provider().look())).containsExactly("[10.0.1.5:80]");
  }

  @Test
  void theOwnNetworksStayKnownWhenTheOwnTaskIsToStop() {
    SwarmProvider swarm = provider();
    swarm.look();
    engine.on("/tasks", text(200, list(task("t1", "s1", "running", "10.0.1.5"))));

    assertThat(endpoints(swarm.look())).containsExactly("[10.0.1.5:80]");
  }

  @Test
  void outsideTheSwarmTheNetworksMustBeNamed() {
    engine.on("/tasks", text(200, list(task("t1", "s1", "running", "10.0.1.5"))));

    assertThat(cause(provider().look()))
        .contains("own task is not among")
        .contains("docker.networks");
  }

  @Test
  void namedNetworksAreUsedInsteadOfThoseOfTheOwnTask() {
    engine.on("/tasks", text(200, list(task("t1", "s1", "running", "10.0.1.5"))));
    engine.on(
        "/networks",
        text(
            200,
            """
            [{"Name":"proxy_front","Id":"n1","Labels":{"com.docker.stack.namespace":"proxy"}},
            {"Name":"ingress","Id":"n0","Ingress":true}]\
            """));

    assertThat(endpoints(provider(engine.endpoint(), List.of("front")).look()))
        .containsExactly("[10.0.1.5:80]");
  }

  @Test
  void aNetworkThatIsNotThereIsNamedWithThoseThatAre() {
    engine.on("/networks", text(200, "[{\"Name\":\"front\",\"Id\":\"n1\"}]"));

    assertThat(cause(provider(engine.endpoint(), List.of("frnt")).look()))
        .isEqualTo("docker.networks: frnt (expected: networks of the Swarm, which are: front)");
  }

  @Test
  void anEngineThatHangsIsAFailureInTimeOnTcp() {
    hangsInTime(engine.endpoint());
  }

  @Test
  void anEngineThatHangsIsAFailureInTimeOnAUnixSocket(@TempDir Path directory) throws IOException {
    try (UnixBridge bridge = UnixBridge.start(directory.resolve("docker.sock"), engine.port())) {
      hangsInTime(bridge.endpoint());
    }
  }

  private void hangsInTime(URI endpoint) {
    Duration timeout = Duration.ofMillis(300);
    SwarmProvider swarm = provider(endpoint, List.of(), timeout);
    for (String path : List.of("/_ping", "/tasks", "/services")) {
      engine.on("/_ping", engine.ping("1.44"));
      engine.on(path, engine.hang());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> cause(swarm.look()).contains("did not answer GET " + path + " within 300 ms"));
      engine.on("/tasks", text(200, list(PROXY_TASK)));
    }
  }

  @Test
  void anAnswerThatStopsHalfWayIsAFailureInTime() {
    engine.on("/tasks", engine.hangAfter("[" + PROXY_TASK));
    assertThat(cause(provider(engine.endpoint(), List.of(), Duration.ofMillis(500)).look()))
        .contains("did not answer");
  }

  @Test
  void anAnswerThatBreaksOffIsAFailure() {
    engine.on("/tasks", FakeEngine.breakOffAfter("[" + PROXY_TASK));
    assertThat(cause(provider().look())).contains("GET /tasks").contains("broke off");
  }

  @Test
  void garbageIsAFailure() {
    for (String garbage : List.of("<html>", "{\"a\":1}", "[", "[1]", "", "[]x", "\"text\"")) {
      engine.on("/tasks", text(200, garbage));
      assertThat(cause(provider().look())).contains("is not what a Docker engine answers");
    }
  }

  @Test
  void aServiceWithoutAnIdMakesTheLookFail() {
    engine.on("/services", text(200, "[{\"Spec\":{\"Name\":\"shop\"}}]"));
    assertThat(cause(provider().look())).contains("a service without an id");
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    engine.on(
        "/tasks",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            while (true) {
              exchange.getResponseBody().write(spaces);
            }
          }
        });
    assertThat(cause(provider(engine.endpoint(), List.of(), Duration.ofSeconds(30)).look()))
        .contains("more than 67108864 bytes");
  }

  @Test
  void aWorkerNodeIsNamedAsSuch() {
    engine.on(
        "/tasks",
        text(
            503,
            "{\"message\":\"This node is not a swarm manager. Worker nodes can't be used to view"
                + " or modify cluster state.\"}"));
    assertThat(cause(provider().look()))
        .contains("is no Swarm manager")
        .contains("node.role == manager");
  }

  @Test
  void aSocketProxyThatForbidsIsNamedWithWhatItMustAllow() {
    engine.on("/tasks", text(403, "<html>Forbidden</html>"));
    assertThat(cause(provider().look())).contains("not allowed").contains("/services and /tasks");
  }

  @Test
  void aMissingSocketIsNamedWithWhatToMount() {
    assertThat(cause(provider(URI.create("unix:///nowhere/docker.sock"), List.of()).look()))
        .isEqualTo(
            "there is no Docker socket /nowhere/docker.sock, mount it (volumes:"
                + " /nowhere/docker.sock:/nowhere/docker.sock:ro) or set docker.endpoint");
  }

  @Test
  void aSocketThatNobodyListensAtIsNamed(@TempDir Path directory) throws IOException {
    Path socket = directory.resolve("docker.sock");
    UnixBridge.start(socket, engine.port()).close();
    assertThat(Files.exists(socket)).isTrue();

    assertThat(cause(provider(URI.create("unix://" + socket), List.of()).look()))
        .contains("no Docker engine listens at " + socket);
  }

  @Test
  void aPortThatNobodyListensAtIsNamed() {
    URI endpoint = engine.endpoint();
    engine.close();

    assertThat(cause(provider(endpoint, List.of()).look()))
        .isEqualTo(
            "no Docker engine listens at %s, start it or set docker.endpoint".formatted(endpoint));
  }

  @Test
  void missingPermissionIsNamedWithTheUserToSet() throws IOException {
    Path socket = Files.createTempFile("docker", ".sock");
    try {
      String cause =
          String.valueOf(
              new EngineFailures(URI.create("unix://" + socket))
                  .broken("/tasks", new IOException(new SocketException("Permission denied")))
                  .getMessage());
      assertThat(cause)
          .isEqualTo(
              "no permission to use the Docker socket %s, set user: \"%s:%s\" for the proxy's service"
                  .formatted(
                      socket,
                      Files.getAttribute(Path.of("/proc/self"), "unix:uid"),
                      Files.getAttribute(socket, "unix:gid")));
    } finally {
      Files.delete(socket);
    }
  }

  @Test
  void aLookThatIsInterruptedEndsAtOnce() throws InterruptedException {
    engine.on("/tasks", engine.hang());
    SwarmProvider swarm = provider(engine.endpoint(), List.of(), Duration.ofMinutes(5));
    Thread looker = Thread.ofVirtual().start(swarm::look);
    await().until(() -> engine.count("/tasks") == 1);

    looker.interrupt();
    assertThat(looker.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void closingEndsAStreamOfEventsThatIsSilent() {
    SwarmProvider swarm = provider();
    swarm.start(wakes::incrementAndGet);
    await().until(() -> engine.openStreams() == 1 && wakes.get() == 1);

    long start = System.nanoTime();
    swarm.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
