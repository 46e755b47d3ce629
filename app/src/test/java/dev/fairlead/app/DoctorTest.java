package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fairlead doctor} says of the storage. */
final class DoctorTest {

  private static final int NO = 1;
  private static final int CONFIGURATION = 64;

  @TempDir private Path folder = Path.of("");

  @Test
  void aGoodStorageIsOkAndStaysAsItWas() throws Exception {
    Path storage = Files.createDirectory(folder.resolve("storage"));
    try (FairleadProcess process = doctor()) {
      assertThat(process.exitCode()).isZero();
      assertThat(process.err()).isEmpty();
      assertThat(process.out().lines())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).startsWith("ok       storage " + storage + ": "))
          .anySatisfy(line -> assertThat(line).contains("rename, fsync and fcntl locks work"));
      assertThat(storage).isEmptyDirectory();
    }
  }

  @Test
  void aStorageThatIsNotThereIsAProblemAndNotMade() throws Exception {
    try (FairleadProcess process = doctor()) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.out())
          .startsWith("problem  storage " + folder.resolve("storage") + ": does not exist yet");
      assertThat(folder.resolve("storage")).doesNotExist();
    }
  }

  @Test
  void aStorageOfALaterVersionIsAProblem() throws Exception {
    Path storage = Files.createDirectory(folder.resolve("storage"));
    Files.writeString(storage.resolve("version"), "2\n");
    try (FairleadProcess process = doctor()) {
      assertThat(process.exitCode()).isEqualTo(NO);
      assertThat(process.out()).startsWith("problem  ").contains("its format is not known here");
      assertThat(storage).isDirectoryNotContaining(file -> !file.endsWith("version"));
    }
  }

  @Test
  void wrongSettingsAreSaidInsteadOfSomethingElse() throws Exception {
    Map<String, String> environment =
        TestSettings.environment(folder, "FAIRLEAD_STORAGE_TIMEOUT", "soon");
    try (FairleadProcess process = FairleadProcess.start(folder, environment, "doctor")) {
      assertThat(process.exitCode()).isEqualTo(CONFIGURATION);
      assertThat(process.err()).singleElement().asString().contains("soon");
      assertThat(process.out()).isEmpty();
    }
  }

  private FairleadProcess doctor() throws Exception {
    return FairleadProcess.start(folder, TestSettings.environment(folder), "doctor");
  }
}
