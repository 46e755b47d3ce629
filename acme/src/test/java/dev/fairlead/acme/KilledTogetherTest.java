package dev.fairlead.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.pebble.PebbleExtension;
import dev.fairlead.acme.pem.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that order a certificate for several names, and let each name take its copy, are killed
 * (SIGKILL) wherever they stand, and others go on with what they began: each certificate has one
 * order, ever, and each name has it in the end.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledTogetherTest {

  @RegisterExtension static final PebbleExtension CA = new PebbleExtension(Duration.ofDays(90), 10);

  /** One name's keeper orders, and two more look meanwhile: see {@link KilledInstanceTest}. */
  private static final int MOST_USES = 24;

  /** A name that does not order has begun with its copy, or has it. */
  private static final List<String> COPIES = List.of("copying", "copied");

  private static final List<String> STEPS =
      Stream.concat(KilledOrders.STEPS.stream(), COPIES.stream()).toList();

  @TempDir Path directory;
  private KilledOrders orders;

  @BeforeEach
  void answerFromTheShare() {
    orders = new KilledOrders(CA, directory);
  }

  @AfterEach
  void forgetAnswers() {
    CA.responder().forget();
  }

  @Test
  void whoDiesAtEachStepIsFollowedByWhoGoesOnWithIt() throws Exception {
    List<Group> groups = new ArrayList<>();
    List<Group> open = new ArrayList<>();
    Map<String, Integer> stood = new TreeMap<>();
    for (String step : STEPS) {
      Group group = Group.of("step%d.fairlead-tests.com".formatted(groups.size()));
      groups.add(group);
      open.add(group);
      try (KilledProcess process = orders.start(texts(open))) {
        process.awaitThat(() -> isAt(group, step));
      }
      seen(group, open, stood);
    }
    finish(groups, stood, 0);
  }

  @Test
  @Tag("long")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void aHundredKillsAndNoCertificateIsOrderedTwice() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Group> groups = new ArrayList<>();
    List<Group> open = new ArrayList<>();
    Map<String, Integer> stood = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      Group group = Group.of("kill%d.fairlead-tests.com".formatted(i));
      groups.add(group);
      open.add(group);
      String step = STEPS.get(random.nextInt(STEPS.size()));
      try (KilledProcess process = orders.start(texts(open))) {
        process.awaitThat(() -> isAt(group, step));
        process.goOn(MOST_USES, random);
      }
      seen(group, open, stood);
    }
    finish(groups, stood, seed);
  }

  /** After a kill. */
  private void seen(Group newest, List<Group> open, Map<String, Integer> stood) throws Exception {
    orders.assertReadable();
    stood.merge(stand(newest), 1, Integer::sum);
    open.removeIf(group -> group.names().stream().allMatch(orders::isStored));
  }

  private void finish(List<Group> groups, Map<String, Integer> stood, long seed) throws Exception {
    try (Instance last = orders.finish(texts(groups))) {
      for (Group group : groups) {
        assertShared(last, group);
      }
    }
    orders.assertReadable();
    System.out.printf("%d kills: the newest names stood at %s%n", groups.size(), stood);
    assertThat(stood.keySet())
        .as("where they were killed: %s", stood)
        .doesNotContain("nothing")
        .containsAnyOf("checked", "ordered", "validating", "key")
        .containsAnyOf("copying", "1 of 2 copied");
    assertThat(orders.count())
        .as("orders after %d kills, seed %d", groups.size(), seed)
        .isEqualTo(groups.size());
  }

  private static void assertShared(Instance last, Group group) throws Exception {
    X509Certificate first = certificate(last, group.main());
    assertThat(Names.dns(first)).containsExactlyInAnyOrderElementsOf(group.names());
    for (String name : group.names()) {
      assertThat(certificate(last, name).getSerialNumber())
          .as("serial number of %s", name)
          .isEqualTo(first.getSerialNumber());
      assertThat(last.hasStored(name)).as("%s has what is served", name).isTrue();
    }
  }

  private static X509Certificate certificate(Instance last, String name) {
    return last.served(name).orElseThrow().chain().getFirst();
  }

  private boolean isAt(Group group, String step) throws IOException {
    return switch (step) {
      case "copying" -> isCopying(group);
      case "copied" -> copies(group) > 0;
      default -> orders.isAt(group.main(), step);
    };
  }

  private String stand(Group group) throws IOException {
    if (copies(group) > 0) {
      return "%d of %d copied".formatted(copies(group), group.others().size());
    }
    if (isCopying(group)) {
      return "copying";
    }
    String step = orders.step(group.main());
    if (step.equals("validating") && orders.isStored(group.main())) {
      return "stored";
    }
    return step.equals("validating") && orders.isAt(group.main(), "key") ? "key" : step;
  }

  /** Whether one who does not order has written some of its copy, and not made it current. */
  private boolean isCopying(Group group) throws IOException {
    for (String name : group.others()) {
      if (!orders.isStored(name) && hasGeneration(orders.folder(name))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasGeneration(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(Files::isDirectory); // unfinished or not
    }
  }

  private long copies(Group group) {
    return group.others().stream().filter(orders::isStored).count();
  }

  private static List<String> texts(List<Group> groups) {
    return groups.stream().map(group -> String.join(" ", group.names())).toList();
  }

  /** Names that share a certificate. */
  private record Group(List<String> names) {

    static Group of(String main) {
      return new Group(List.of(main, "www." + main, "api." + main));
    }

    /** The one that orders. */
    String main() {
      return names.getFirst();
    }

    List<String> others() {
      return names.subList(1, names.size());
    }
  }
}
