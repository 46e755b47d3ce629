package dev.fairlead.acme.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that takes locks of a few names again and again, stores a certificate under each, and
 * writes down what it did, until it is killed. Each line of its journal is one system call, so it
 * is there although the process is not; its times are of the machine's monotonic clock, which all
 * its processes see alike ({@code System.nanoTime} on Linux).
 */
final class LeaseContender {

  static final int NAMES = 3;

  /** Short enough for a test, long enough for a process that waits for its processor. */
  static final LeaseTerms NOLOCK =
      new LeaseTerms(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(20));

  private final FileChannel journal;
  private final Locks locks;
  private final CertificateStorage certificates;
  private final NameStateStorage states;
  private final KeyAndChain pair;
  private final Random random;

  private LeaseContender(Path directory, Path journal, Optional<String> machine)
      throws IOException {
    this.journal =
        FileChannel.open(journal, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Storage storage =
        new Storage(new StorageSettings(directory, Duration.ofSeconds(60)), StorageAccess.DIRECT);
    this.locks =
        machine.isEmpty()
            ? new Locks(storage, Clock.systemUTC())
            : new Locks(storage, Clock.systemUTC(), NOLOCK, TestSurroundings.nolock(machine.get()));
    this.certificates = new CertificateStorage(storage, LockHolder.CA);
    this.states = new NameStateStorage(storage, LockHolder.CA);
    this.pair = TestPair.of(host(0));
    this.random = new Random(ProcessHandle.current().pid());
  }

  /** Directory, journal and, for one of another machine whose locks stay there, the machine. */
  public static void main(String[] args) throws Exception {
    LeaseContender contender =
        new LeaseContender(
            Path.of(args[0]),
            Path.of(args[1]),
            args.length < 3 ? Optional.empty() : Optional.of(args[2]));
    Thread.ofPlatform().daemon().start(LeaseContender::endWithParent);
    while (true) {
      contender.contend();
    }
  }

  static HostPattern host(int number) {
    return new HostPattern(false, "name" + number + ".example.org");
  }

  private void contend() throws Exception {
    int number = random.nextInt(NAMES);
    Optional<StorageLock> lock = locks.tryLock(LockName.of(host(number)));
    if (lock.isEmpty()) {
      work(2);
      return;
    }
    try (StorageLock held = lock.get()) {
      String what = number + " " + held.generation();
      note(System.nanoTime(), "enter", what);
      store(host(number), what);
      work(4);
      note(System.nanoTime(), "exit", what);
    }
  }

  private void store(HostPattern host, String what) throws Exception {
    try {
      LoadedPair before = certificates.loadFresh(host);
      if (!before.remarks().isEmpty()) {
        note(System.nanoTime(), "unreadable", what + " " + before.remarks());
      }
      long begun = System.nanoTime();
      states.save(host, new NameState(new Step.Wanted(), 1, Instant.EPOCH, what));
      certificates.save(host, pair, Instant.now());
      note(begun, "saved", what);
    } catch (StorageException e) {
      note(System.nanoTime(), "refused", what + " " + e.getMessage());
    }
  }

  private void note(long nanoTime, String event, String what) throws IOException {
    journal.write(ByteBuffer.wrap("%d %s %s\n".formatted(nanoTime, event, what).getBytes(UTF_8)));
  }

  private void work(int mostMillis) {
    LockSupport.parkNanos(random.nextInt(mostMillis * 1_000_000));
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // says nothing
      }
    } catch (IOException e) {
      // as well
    }
    Runtime.getRuntime().halt(0);
  }
}
