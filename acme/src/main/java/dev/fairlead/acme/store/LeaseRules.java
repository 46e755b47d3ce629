package dev.fairlead.acme.store;

import java.time.Instant;
import java.util.Optional;

/**
 * When a name's next lease may be made. No clock of any machine is asked: times are those of the
 * server that keeps the files.
 */
final class LeaseRules {

  private LeaseRules() {}

  /**
   * Whether who asks may follow the last holder.
   *
   * @param last the newest lease; empty where there never was one
   * @param answer what came of asking for the fcntl lock
   * @param now the server's time
   * @param instance who asks; does not hold it
   */
  static boolean mayFollow(
      Optional<LeaseEntry> last,
      FcntlAnswer answer,
      Instant now,
      String instance,
      Surroundings surroundings,
      LeaseTerms terms) {
    boolean busy = answer instanceof FcntlAnswer.Busy;
    if (last.isEmpty() || last.get().isFree()) {
      // Busy: a version that knew no leases has it, or somebody is just taking it.
      return !busy;
    }
    LeaseEntry held = last.get();
    if (busy) {
      return held.isSilent(now, terms.lapseWhileLocked());
    }
    if (held.isSilent(now, terms.lapse())) {
      return true;
    }
    Optional<LeaseText> text = held.parsed();
    return text.isPresent() && isDead(text.get(), held, answer, now, instance, surroundings, terms);
  }

  /** What the fcntl lock tells: who had it and has it no more is dead. */
  private static boolean isDead(
      LeaseText text,
      LeaseEntry held,
      FcntlAnswer answer,
      Instant now,
      String instance,
      Surroundings surroundings,
      LeaseTerms terms) {
    if (text.instance().equals(instance)) {
      return true; // our own, which could not be given back
    }
    if (!(answer instanceof FcntlAnswer.Granted) || text.lock() == LockReach.NONE) {
      return false;
    }
    if (text.machine().equals(surroundings.machine())) {
      return true;
    }
    return text.lock() == LockReach.SERVER
        && surroundings.reach() == LockReach.SERVER
        && held.isSilent(now, terms.missed());
  }
}
