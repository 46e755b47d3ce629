package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.acme.pem.KeyAndChain;
import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocksTest {

  private static final HostPattern HOST = new HostPattern(false, "shop.example.org");
  private static final LockName NAME = LockName.of(HOST);

  @TempDir Path directory;

  @Test
  void excludesAnotherInstanceInTheSameProcess() throws Exception {
    try (Storage one = open();
        Storage other = open()) {
      Locks ours = new Locks(one, Clock.systemUTC());
      Locks theirs = new Locks(other, Clock.systemUTC());
      StorageLock lock = ours.tryLock(NAME).orElseThrow();
      assertThat(theirs.tryLock(NAME)).isEmpty();
      assertThat(theirs.holder(NAME)).startsWith("pid " + ProcessHandle.current().pid() + " on ");
      assertThat(theirs.tryLock(LockName.LOCAL_CA)).as("another name is free").isPresent();

      lock.close();
      await().until(() -> theirs.tryLock(NAME).isPresent());
    }
  }

  @Test
  void excludesAnotherProcessUntilItEndsOrDies() throws Exception {
    try (Storage storage = open()) {
      Locks locks = new Locks(storage, Clock.systemUTC());
      ChildProcess holder = holder();
      assertThat(locks.tryLock(NAME)).isEmpty();
      assertThat(locks.holder(NAME)).startsWith("pid " + holder.pid() + " on ");
      // Looking who holds it must not have dropped anything.
      assertThat(locks.tryLock(NAME)).isEmpty();

      holder.kill();
      StorageLock ours = locks.tryLock(NAME).orElseThrow();
      assertThat(ours.generation()).as("taken over at once, and counted").isEqualTo(2);
      assertThat(locks.holder(NAME)).startsWith("pid " + ProcessHandle.current().pid());
      assertThat(answerOfHolder()).isEqualTo("refused");
      ours.close();
      await().until(() -> answerOfHolder().equals("held"));
    }
  }

  @Test
  void aLockOnAFileThatWasRemovedIsNotBelieved() throws Exception {
    try (Storage storage = open()) {
      Locks locks = new Locks(storage, Clock.systemUTC());
      locks.tryLock(NAME).orElseThrow().close();
      await().until(() -> storage.leases().of(NAME).isEmpty());
      Files.delete(directory.resolve("locks/shop.example.org.lock"));
      ChildProcess holder = holder(); // on the new file
      assertThat(locks.tryLock(NAME)).isEmpty();
      holder.kill();
      assertThat(locks.tryLock(NAME)).isPresent();
    }
  }

  @Test
  void aProcessThatFrozeAndComesBackStoresNothing() throws Exception {
    try (Storage storage = open();
        ChildProcess frozen =
            ChildProcess.start(LockHolder.class, directory.toString(), NAME.text(), "another")) {
      assertThat(frozen.line()).isEqualTo("held");
      frozen.say("save");
      assertThat(frozen.line()).isEqualTo("saved");
      frozen.signal("STOP");

      Locks locks =
          new Locks(
              storage, Clock.systemUTC(), TestSurroundings.SILENT, TestSurroundings.nolock("ours"));
      await().until(() -> locks.tryLock(NAME).isPresent());
      CertificateStorage certificates = new CertificateStorage(storage, LockHolder.CA);
      KeyAndChain ours = TestPair.of(HOST);
      certificates.save(HOST, ours, Instant.now());

      frozen.say("save");
      frozen.signal("CONT");
      assertThat(frozen.line())
          .startsWith(
              "lock shop.example.org: lost, taken over by pid "
                  + ProcessHandle.current().pid()
                  + " on ");
      assertThat(certificates.loadFresh(HOST).pair()).contains(ours);
    }
  }

  /** Another process that has the lock. */
  private ChildProcess holder() throws Exception {
    ChildProcess process = run();
    assertThat(process.line()).isEqualTo("held");
    return process;
  }

  private String answerOfHolder() throws Exception {
    try (ChildProcess process = run()) {
      return process.line();
    }
  }

  private ChildProcess run() throws Exception {
    return ChildProcess.start(LockHolder.class, directory.toString(), NAME.text());
  }

  private Storage open() {
    return new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT);
  }
}
