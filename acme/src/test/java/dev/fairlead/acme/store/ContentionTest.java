package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that contend for the same names and are killed in the middle of whatever they do: never
 * two hold a lock at once, nothing is unreadable, and generations grow.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES) // each process takes a moment to start
class ContentionTest {

  private static final int PROCESSES = 4;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final Random random = new Random();
  private final List<Contender> all = new ArrayList<>();

  @AfterEach
  void end() {
    for (Contender contender : all) {
      contender.process.close();
    }
  }

  @Test
  void neverTwoHoldALockHoweverManyAreKilled() throws Exception {
    List<Hold> holds = contend(10, false);
    assertThat(holds).as("with fcntl locks nobody loses one").noneMatch(Hold::refused);
    assertThatNeverTwoHold(holds, Hold::heldUntil);
  }

  @Test
  @Tag("long")
  void neverTwoHoldALockHoweverManyMoreAreKilled() throws Exception {
    List<Hold> holds = contend(200, false);
    assertThat(holds).noneMatch(Hold::refused);
    assertThatNeverTwoHold(holds, Hold::heldUntil);
  }

  @Test
  void whereLocksStayOnTheirMachineTheLeaseKeepsOthersOut() throws Exception {
    assertThatNeverTwoHold(contend(5, true), Hold::storedUntil);
  }

  @Test
  @Tag("long")
  void whereLocksStayOnTheirMachineTheLeaseKeepsOthersOutForLonger() throws Exception {
    assertThatNeverTwoHold(contend(60, true), Hold::storedUntil);
  }

  /** Lets processes contend and kills so many of them; gives what each held, and until when. */
  private List<Hold> contend(int kills, boolean nolock) throws Exception {
    Files.createDirectory(storage());
    List<Contender> running = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      running.add(start(nolock));
    }
    for (int i = 0; i < kills; i++) {
      Contender victim = running.remove(random.nextInt(running.size()));
      long lines = victim.lines() + 1 + random.nextInt(20);
      await().atMost(LIMIT).until(() -> victim.lines() >= lines || !victim.process.isAlive());
      assertThat(victim.process.isAlive()).as("did not end by itself").isTrue();
      victim.kill();
      assertThatAllIsReadable();
      running.add(start(nolock));
    }
    for (Contender contender : running) {
      await().atMost(LIMIT).until(() -> contender.lines() > 0);
      contender.kill();
    }
    assertThatAllIsReadable();
    List<Hold> holds = new ArrayList<>();
    for (Contender contender : all) {
      holds.addAll(contender.holds());
    }
    assertThat(holds.stream().filter(hold -> hold.stored.isPresent()).count()).isGreaterThan(kills);
    System.out.printf(
        "%d killed, %d times a lock was held, %d of them lost%n",
        kills, holds.size(), holds.stream().filter(Hold::refused).count());
    return holds;
  }

  private Contender start(boolean nolock) throws IOException {
    int number = all.size();
    Path journal = folder.resolve("journal-" + number);
    List<String> arguments = new ArrayList<>(List.of(storage().toString(), journal.toString()));
    if (nolock) {
      arguments.add("machine " + number);
    }
    Contender contender =
        new Contender(
            ChildProcess.start(LeaseContender.class, arguments.toArray(String[]::new)), journal);
    all.add(contender);
    return contender;
  }

  private void assertThatAllIsReadable() throws Exception {
    try (Storage storage =
        new Storage(new StorageSettings(storage(), Duration.ofSeconds(60)), StorageAccess.DIRECT)) {
      CertificateStorage certificates = new CertificateStorage(storage, LockHolder.CA);
      for (int i = 0; i < LeaseContender.NAMES; i++) {
        LoadedPair loaded =
            certificates
                .loadIfChanged(LeaseContender.host(i), Optional.empty())
                .orElse(LoadedPair.NONE);
        assertThat(loaded.remarks()).isEmpty();
        assertThat(loaded.pair().isPresent()).isEqualTo(loaded.generation().isPresent());
      }
    }
  }

  private static void assertThatNeverTwoHold(List<Hold> holds, HeldUntil until) {
    for (int i = 0; i < LeaseContender.NAMES; i++) {
      int name = i;
      List<Hold> ofName =
          holds.stream()
              .filter(hold -> hold.name == name)
              .sorted(Comparator.comparingLong(hold -> hold.generation))
              .toList();
      assertThat(ofName).as("name %d", name).hasSizeGreaterThan(1);
      for (int j = 1; j < ofName.size(); j++) {
        Hold before = ofName.get(j - 1);
        Hold after = ofName.get(j);
        assertThat(after.generation).as("given once").isGreaterThan(before.generation);
        assertThat(after.entered)
            .as("generation %d of name %d before %s", after.generation, name, before)
            .isGreaterThan(until.of(before));
      }
    }
  }

  private Path storage() {
    return folder.resolve("storage");
  }

  /** Until when a hold is proven. */
  @FunctionalInterface
  private interface HeldUntil {
    long of(Hold hold);
  }

  /**
   * One time that a process held a lock; times by the monotonic clock, in nanoseconds.
   *
   * @param ended when it began to give it back, or was about to be killed
   * @param stored when it began to store what was not refused; it held it then
   */
  private record Hold(
      int name, long generation, long entered, long ended, OptionalLong stored, boolean refused) {

    private Hold after(String event, long time, String line) {
      return switch (event) {
        case "saved" -> new Hold(name, generation, entered, ended, OptionalLong.of(time), refused);
        case "refused" -> new Hold(name, generation, entered, ended, stored, true);
        case "exit" -> new Hold(name, generation, entered, time, stored, refused);
        default -> throw new AssertionError(line);
      };
    }

    long heldUntil() {
      return ended;
    }

    long storedUntil() {
      return stored.orElse(entered - 1);
    }
  }

  /** A process and what it wrote down. */
  private static final class Contender {

    private final ChildProcess process;
    private final Path journal;
    private long killed;

    private Contender(ChildProcess process, Path journal) {
      this.process = process;
      this.journal = journal;
    }

    private long lines() throws IOException {
      return Files.exists(journal) ? whole().size() : 0;
    }

    private void kill() {
      killed = System.nanoTime();
      process.kill();
    }

    private List<Hold> holds() throws IOException {
      List<Hold> holds = new ArrayList<>();
      for (String line : whole()) {
        String[] words = line.split(" ", 5);
        long time = Long.parseLong(words[0]);
        int name = Integer.parseInt(words[2]);
        long generation = Long.parseLong(words[3]);
        if (words[1].equals("enter")) {
          holds.add(new Hold(name, generation, time, killed, OptionalLong.empty(), false));
        } else {
          holds.add(holds.removeLast().after(words[1], time, line));
        }
      }
      return holds;
    }

    /** Its lines; the last one may be cut. */
    private List<String> whole() throws IOException {
      String text = Files.readString(journal);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
  }
}
