package dev.fairlead.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.config.bootstrap.FileSettings;
import dev.fairlead.config.routing.ClusterSpec;
import dev.fairlead.config.routing.RouteSpec;
import dev.fairlead.discovery.Discovery;
import dev.fairlead.discovery.FoundService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services from a YAML file. */
class FileProviderTest {

  private static final String NAS =
      """
      services:
        nas:
          host: nas.example.com
          endpoints: ["192.0.2.7:5000", "192.0.2.8:5000"]
      """;

  @TempDir private Path directory;
  private Path file;
  private FileProvider provider;

  @BeforeEach
  void setUp() throws IOException {
    file = directory.resolve("services.yml");
    Files.writeString(file, NAS);
    provider =
        FileProvider.of(
                new FileSettings(Optional.of(file), Duration.ofSeconds(1)),
                Optional.of("example.com"))
            .orElseThrow();
  }

  private List<FoundService> found() {
    assertThat(provider.look()).isInstanceOf(Discovery.Complete.class);
    return ((Discovery.Complete) provider.look()).services();
  }

  private List<String> names() {
    return found().stream().map(FoundService::name).toList();
  }

  @Test
  void noFileIsNoProvider() {
    assertThat(
            FileProvider.of(
                new FileSettings(Optional.empty(), Duration.ofSeconds(1)), Optional.empty()))
        .isEmpty();
  }

  @Test
  void readsRoutesAndEndpoints() {
    FoundService nas = found().getFirst();

    assertThat(nas.routes())
        .extracting(route -> route.name() + " " + route.match() + " " + route.cluster())
        .containsExactly("nas nas.example.com/ nas@file");
    assertThat(nas.clusters())
        .extracting(ClusterSpec::name, cluster -> cluster.endpoints().toString())
        .containsExactly(tuple("nas@file", "[192.0.2.7:5000, 192.0.2.8:5000]"));
  }

  @Test
  void moreRoutesOfAServiceShareItsEndpoints() throws IOException {
    Files.writeString(file, NAS + "    routes:\n      photos:\n        path: /photos\n");

    assertThat(found().getFirst().routes())
        .extracting(RouteSpec::name, RouteSpec::cluster)
        .containsExactly(tuple("nas", "nas@file"), tuple("nas/photos", "nas@file"));
  }

  @Test
  void aChangeIsTakenWhenTwoLooksReadTheSame() throws IOException {
    assertThat(names()).containsExactly("nas");
    assertThat(provider.pause()).isEqualTo(Duration.ofSeconds(1));

    Files.writeString(file, NAS + "  more: {endpoints: [\"192.0.2.9:80\"]}\n");
    Discovery first = provider.look();
    assertThat(((Discovery.Complete) first).services()).hasSize(1);
    assertThat(provider.pause()).isEqualTo(Duration.ofMillis(100));

    Discovery second = provider.look();
    assertThat(((Discovery.Complete) second).services()).hasSize(2);
    assertThat(provider.pause()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aFileThatIsStillBeingWrittenIsNotTaken() throws IOException {
    String whole = NAS + "  more: {endpoints: [\"192.0.2.9:80\"]}\n";
    Files.writeString(file, whole);
    assertThat(names()).hasSize(2);

    Files.writeString(file, NAS);
    provider.look();
    Files.writeString(file, whole);
    assertThat(((Discovery.Complete) provider.look()).services()).hasSize(2);
    assertThat(((Discovery.Complete) provider.look()).services()).hasSize(2);
  }

  @Test
  void badYamlIsAFailureThatNamesTheProblemUntilItIsRepaired() throws IOException {
    assertThat(names()).containsExactly("nas");

    Files.writeString(file, NAS.replace("host:", "hots:"));
    provider.look();
    assertThat(provider.look())
        .isInstanceOfSatisfying(
            Discovery.Failed.class,
            failed -> assertThat(failed.cause()).contains("services.nas.hots", "host"));

    Files.writeString(file, NAS);
    provider.look();
    assertThat(names()).containsExactly("nas");
  }

  @Test
  void aFileThatVanishesIsAFailure() throws IOException {
    assertThat(names()).containsExactly("nas");

    Files.delete(file);
    provider.look();
    assertThat(provider.look())
        .isInstanceOfSatisfying(
            Discovery.Failed.class,
            failed -> assertThat(failed.cause()).contains("services.yml", "does not exist"));
  }

  @Test
  void anUnchangedFileGivesTheSameAgain() {
    assertThat(provider.look()).isEqualTo(provider.look());
  }
}
