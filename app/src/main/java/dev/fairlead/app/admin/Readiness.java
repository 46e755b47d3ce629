package dev.fairlead.app.admin;

import java.util.List;

/**
 * Whether visitors are to be sent here.
 *
 * @param ready the answer
 * @param reasons for people: why not, or what is worth a look
 */
public record Readiness(boolean ready, List<String> reasons) {
  public Readiness {
    reasons = List.copyOf(reasons);
  }
}
