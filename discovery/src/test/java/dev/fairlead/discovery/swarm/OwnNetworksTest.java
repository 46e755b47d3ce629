package dev.fairlead.discovery.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which task this process is, and so which networks it can use. */
class OwnNetworksTest {

  private static final SwarmNetwork FRONT = new SwarmNetwork("n1", "front", "", false);
  private static final SwarmNetwork BACK = new SwarmNetwork("n2", "back", "", false);
  private static final SwarmNetwork INGRESS = new SwarmNetwork("n0", "ingress", "", true);

  private static SwarmTask.Attachment on(SwarmNetwork network, String... addresses) {
    return new SwarmTask.Attachment(network, List.of(addresses));
  }

  private static SwarmTask task(String containerId, SwarmTask.Attachment... attachments) {
    return new SwarmTask(
        "task of " + containerId, "s", "running", "starting", containerId, List.of(attachments));
  }

  private static List<String> find(Machine machine, SwarmTask... tasks) throws EngineException {
    return new OwnNetworks(List.of(), () -> machine)
        .find(List.of(tasks), List.of()).stream().map(SwarmNetwork::name).toList();
  }

  private static Machine machine(String... addresses) {
    return new Machine(Set.of(addresses), "0123456789ab");
  }

  @Test
  void theTaskAllOfWhoseAddressesAreHereIsTheOwnEvenWhileItStarts() throws EngineException {
    assertThat(
            find(
                machine("10.0.0.7", "10.0.1.2", "10.0.2.2", "172.18.0.3"),
                task("a", on(FRONT, "10.0.1.2"), on(BACK, "10.0.2.9")),
                task("b", on(INGRESS, "10.0.0.7"), on(FRONT, "10.0.1.2"), on(BACK, "10.0.2.2"))))
        .containsExactly("back", "front");
  }

  @Test
  void ofTwoTasksWithTheSameAddressesTheOneOfThisContainerIsTheOwn() throws EngineException {
    SwarmTask own = task("0123456789abcdef", on(FRONT, "10.0.1.2"));
    SwarmTask other = task("fedcba9876543210", on(BACK, "10.0.1.2"));

    for (List<SwarmTask> order : List.of(List.of(own, other), List.of(other, own))) {
      assertThat(find(machine("10.0.1.2"), order.toArray(SwarmTask[]::new)))
          .containsExactly("front");
    }
  }

  @Test
  void anIpv6AddressIsTheSameInEverySpelling() throws EngineException {
    assertThat(find(machine("fd00:1:0:0:0:0:0:5"), task("a", on(FRONT, "fd00:1::5"))))
        .containsExactly("front");
  }

  @Test
  void aTaskWithoutAnAddressIsNotTheOwn() {
    for (SwarmTask task :
        Stream.of(task("a"), task("b", on(FRONT)), task("c", on(FRONT, "rubbish"))).toList()) {
      assertThatThrownBy(() -> find(machine("10.0.1.2"), task))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("docker.networks");
    }
  }

  @Test
  void theMachineKnowsItself() {
    Machine here = Machine.current();
    assertThat(here.hostname()).isNotBlank().doesNotContain("\n");
    assertThat(here.addresses()).doesNotContain("127.0.0.1").noneMatch(text -> text.contains("%"));
  }
}
