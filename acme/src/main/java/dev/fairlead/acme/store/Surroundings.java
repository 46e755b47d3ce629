package dev.fairlead.acme.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where this instance runs, as far as locks are concerned.
 *
 * @param machine this kernel since its start, and the mount: fcntl locks of the same text exclude
 *     each other, whatever the server does
 * @param reach how far they exclude others beyond that
 * @param locking takes them
 */
record Surroundings(String machine, LockReach reach, Locking locking) {

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** How fcntl locks are taken. */
  @FunctionalInterface
  interface Locking {
    FcntlAnswer tryLock(Path file, String holder, Files0600 files) throws IOException;
  }

  /** Finds out. On the storage's threads, as it looks at the directory. */
  static Surroundings of(Path directory) throws IOException {
    Object device = Files.getAttribute(directory, "unix:dev");
    String machine =
        boot()
            .map(id -> "%s device %s".formatted(id, device))
            // Then no other process counts as one of this machine, which is the safe mistake.
            .orElseGet(() -> "unknown " + Files0600.randomHex(16));
    return new Surroundings(
        machine,
        Mount.of(directory).map(Mount::reach).orElse(LockReach.MACHINE),
        (file, holder, files) -> LockFile.of(file).tryLock(holder, files));
  }

  private static Optional<String> boot() {
    try {
      return Optional.of(Files.readString(BOOT).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
