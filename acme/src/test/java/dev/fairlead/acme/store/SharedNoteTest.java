package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.fairlead.config.bootstrap.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedNoteTest {

  @TempDir private Path directory = Path.of("");

  private final AtomicBoolean broken = new AtomicBoolean();
  private Storage one = closed();
  private Storage other = closed();

  private SharedNote ours() {
    one = open();
    return new SharedNote(one, new Locks(one, Clock.systemUTC()), "alerts");
  }

  private SharedNote theirs() {
    other = open();
    return new SharedNote(other, new Locks(other, Clock.systemUTC()), "alerts");
  }

  private Storage open() {
    return new Storage(
        new StorageSettings(directory, Duration.ofMinutes(1)),
        path -> {
          if (broken.get() && path.toString().contains("notes")) {
            throw new IOException("broken");
          }
        });
  }

  private static Storage closed() {
    return new Storage(
        new StorageSettings(Path.of(""), Duration.ofMinutes(1)), StorageAccess.DIRECT);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void whatOneWritesTheOtherReadsAndChanges() throws Exception {
    SharedNote ours = ours();
    SharedNote theirs = theirs();
    assertThat(theirs.read()).isEmpty();
    assertThat(ours.change(text -> text.orElse("") + "a")).isTrue();
    assertThat(theirs.read()).contains("a");
    await().until(() -> theirs.change(text -> text.orElse("") + "b"));
    assertThat(ours.read()).contains("ab");
    assertThat(directory.resolve("notes/alerts"))
        .satisfies(
            file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
  }

  @Test
  void oneAtATimeChangesIt() throws Exception {
    SharedNote ours = ours();
    SharedNote theirs = theirs();
    AtomicBoolean between = new AtomicBoolean(true);
    assertThat(
            ours.change(
                _ -> {
                  try {
                    between.set(theirs.change(_ -> "theirs"));
                  } catch (StorageException e) {
                    throw new AssertionError(e);
                  }
                  return "ours";
                }))
        .isTrue();
    assertThat(between).isFalse();
    assertThat(theirs.read()).contains("ours");
  }

  @Test
  void whoChangesItAgainAtOnceIsNotKeptOutByItsOwnLock() throws Exception {
    SharedNote ours = ours();
    SharedNote theirs = theirs();
    for (int round = 0; round < 100; round++) {
      assertThat(ours.change(text -> text.orElse("") + "a")).isTrue();
      assertThat(theirs.change(text -> text.orElse("") + "b")).isTrue();
    }
    assertThat(ours.read()).contains("ab".repeat(100));
  }

  @Test
  void anEmptyDirectoryInPlaceOfTheShareIsNoEmptyNote() throws Exception {
    SharedNote ours = ours();
    ours.change(_ -> "a");
    Path away = directory.resolveSibling(directory.getFileName() + "-away");
    Files.move(directory, away);
    Files.createDirectory(directory);

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(ours::read)
        .withMessageContaining("empty, and was not before");
    Files.delete(directory);
    Files.move(away, directory);
    assertThat(ours.read()).contains("a");
  }

  @Test
  void withoutTheStorageNothingIsCalled() throws Exception {
    SharedNote ours = ours();
    broken.set(true);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(
            () ->
                ours.change(
                    _ -> {
                      throw new AssertionError("called");
                    }));
    broken.set(false);
    await().until(() -> ours.change(_ -> "later"));
    assertThat(ours.read()).isEqualTo(Optional.of("later"));
  }
}
