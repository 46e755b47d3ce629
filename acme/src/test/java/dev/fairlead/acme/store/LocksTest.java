package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocksTest {

  private static final LockName NAME = LockName.of(new HostPattern(false, "shop.example.org"));

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
      Process holder = holder();
      assertThat(locks.tryLock(NAME)).isEmpty();
      assertThat(locks.holder(NAME)).startsWith("pid " + holder.pid() + " on ");
      // Looking who holds it must not have dropped anything.
      assertThat(locks.tryLock(NAME)).isEmpty();

      holder.destroyForcibly().waitFor();
      StorageLock ours = locks.tryLock(NAME).orElseThrow();
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
      Files.delete(directory.resolve("locks/shop.example.org.lock"));
      Process holder = holder(); // on the new file
      assertThat(locks.tryLock(NAME)).isEmpty();
      holder.destroyForcibly().waitFor();
      assertThat(locks.tryLock(NAME)).isPresent();
    }
  }

  /** Another process that has the lock. */
  private Process holder() throws Exception {
    Process process = run();
    assertThat(line(process)).isEqualTo("held");
    return process;
  }

  private String answerOfHolder() throws Exception {
    Process process = run();
    try {
      return line(process);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process run() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LockHolder.class.getName(),
            directory.toString(),
            NAME.text())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process process) throws Exception {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return String.valueOf(reader.readLine());
  }

  private Storage open() {
    return new Storage(new StorageSettings(directory, Duration.ofSeconds(5)), StorageAccess.DIRECT);
  }
}
