package dev.fairlead.acme.store;

import dev.fairlead.config.bootstrap.StorageSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that tries to take the lock of a host, says whether it did, and keeps it until it is
 * ended. Asked to {@code save}, it stores a certificate and says what came of it.
 */
final class LockHolder {

  static final URI CA = URI.create("https://ca.example.org/directory");

  private LockHolder() {}

  /** Directory, name and, for one of another machine whose locks stay there, the machine. */
  public static void main(String[] args) throws Exception {
    Storage storage =
        new Storage(
            new StorageSettings(Path.of(args[0]), Duration.ofSeconds(20)), StorageAccess.DIRECT);
    Locks locks =
        args.length < 3
            ? new Locks(storage, Clock.systemUTC())
            : new Locks(
                storage,
                Clock.systemUTC(),
                TestSurroundings.SILENT,
                TestSurroundings.nolock(args[2]));
    Optional<StorageLock> lock = locks.tryLock(new LockName(args[1]));
    ChildProcess.answer(lock.isPresent() ? "held" : "refused");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      ChildProcess.answer(line.equals("save") ? save(storage, args[1]) : "what?");
    }
  }

  private static String save(Storage storage, String name) throws InterruptedException {
    HostPattern host = HostPattern.parse(name).orElseThrow();
    try {
      new CertificateStorage(storage, CA).save(host, TestPair.of(host), Instant.now());
      return "saved";
    } catch (StorageException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
