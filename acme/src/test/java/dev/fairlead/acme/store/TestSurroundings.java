package dev.fairlead.acme.store;

import java.time.Duration;

/** Machines and mounts that a test chooses. */
final class TestSurroundings {

  /** Never beats by itself, and is not waited for long. */
  static final LeaseTerms SILENT =
      new LeaseTerms(Duration.ofHours(1), Duration.ofMillis(300), Duration.ofMillis(900));

  private TestSurroundings() {}

  /** A machine whose fcntl locks exclude nobody else, as on a mount with {@code nolock}. */
  static Surroundings nolock(String machine) {
    return new Surroundings(
        machine, LockReach.MACHINE, (file, holder, files) -> new GrantedToAll());
  }

  /** A machine on a mount where nobody answers for locks ({@code ENOLCK}). */
  static Surroundings withoutLocks(String machine) {
    return new Surroundings(
        machine, LockReach.NONE, (file, holder, files) -> new FcntlAnswer.Unavailable());
  }

  private record GrantedToAll() implements FcntlAnswer.Granted {
    @Override
    public void touch() {}

    @Override
    public void release() {}
  }
}
