package dev.fairlead.acme.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.acme.LogCapture;
import dev.fairlead.acme.pem.Keys;
import dev.fairlead.config.bootstrap.StorageSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountStorageTest {

  private static final URI DIRECTORY = URI.create("https://ca.example.org/directory");

  @TempDir Path directory;
  private final KeyPair key = Keys.newP256();
  private Storage storage;
  private AccountStorage accounts;

  @BeforeEach
  void open() throws Exception {
    storage =
        new Storage(new StorageSettings(directory, Duration.ofMinutes(1)), StorageAccess.DIRECT);
    accounts = new AccountStorage(storage, DIRECTORY);
    accounts.saveKey(key);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aKeyThatNobodyElseMayReadIsUsedWithoutAWord() throws Exception {
    try (LogCapture log = LogCapture.of(AccountStorage.class)) {
      assertThat(accounts.key().orElseThrow().getPublic()).isEqualTo(key.getPublic());
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void aKeyThatOthersMayReadIsUsedAndNamedOnce() throws Exception {
    Path file = directory.resolve("accounts/ca.example.org_directory/account.key.pem");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (LogCapture log = LogCapture.of(AccountStorage.class)) {
      assertThat(accounts.key().orElseThrow().getPublic()).isEqualTo(key.getPublic());
      assertThat(accounts.key()).isPresent();
      assertThat(log.warnings())
          .containsExactly(
              "account at the CA: %1$s: readable by others (fix: chmod 600 %1$s)".formatted(file));
    }
  }
}
