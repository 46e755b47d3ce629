package dev.fairlead.proxy.health;

import org.jspecify.annotations.Nullable;

/**
 * When an endpoint is so much worse than the others that it is better to do without it. What all
 * endpoints of a cluster have in common is no reason: then it is not the endpoint.
 */
final class OutlierRules {

  /** Over which is counted. */
  static final int WINDOW_SECONDS = 10;

  /** Over which is counted what leaves no doubt. */
  static final int MOMENT_SECONDS = 1;

  private static final int IN_A_ROW = 5;

  /** Fewer say nothing. */
  private static final int ENOUGH = 10;

  /** Of an endpoint that says nothing any more. */
  private static final int WAITING = 2;

  private OutlierRules() {}

  /**
   * What is wrong with an endpoint; null when nothing is.
   *
   * @param own of the last ten seconds, as {@code others} of all others together
   * @param inARow failures without an answer between them
   * @param awaited answers that were waited for all the time
   */
  static @Nullable String wrong(Counts own, Counts others, int inARow, int awaited) {
    if (inARow >= IN_A_ROW) {
      return "%d requests in a row failed".formatted(inARow);
    }
    if (own.ended() >= ENOUGH && own.failures() * 2 >= own.ended() && isWell(others)) {
      return "%d of %d requests failed".formatted(own.failures(), own.ended());
    }
    if (own.ended() >= ENOUGH && own.serverErrors() * 2 >= own.ended() && isWell(others)) {
      return "%d of %d answers were errors".formatted(own.serverErrors(), own.ended());
    }
    if (own.ended() == 0 && awaited >= WAITING && others.ended() >= ENOUGH && isWell(others)) {
      return "none of %d requests was answered in %d s".formatted(awaited, WINDOW_SECONDS);
    }
    return null;
  }

  /**
   * The same, of one that answers nearly everything with errors now: nobody waits until half of the
   * answers of ten seconds are.
   *
   * @param moment of the last second
   * @param others of the last ten, of all others together
   */
  static @Nullable String wrongNow(Counts moment, Counts others) {
    if (moment.ended() >= ENOUGH
        && moment.serverErrors() * 10 >= moment.ended() * 9
        && isWell(others)) {
      return "%d of %d answers of a second were errors"
          .formatted(moment.serverErrors(), moment.ended());
    }
    return null;
  }

  /**
   * Whether it may be gone: it should be asked.
   *
   * @param own of the last ten seconds
   * @param awaited answers that were waited for all the time
   */
  static boolean isSuspect(Counts own, int awaited) {
    return own.ended() == 0 && awaited > 0;
  }

  private static boolean isWell(Counts others) {
    return (others.failures() + others.serverErrors()) * 10 <= others.ended();
  }
}
