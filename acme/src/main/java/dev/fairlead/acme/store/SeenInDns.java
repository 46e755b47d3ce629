package dev.fairlead.acme.store;

import java.util.List;
import java.util.stream.Stream;

/**
 * What DNS said of a name when it was tried in vain. Another answer than any of them is a reason to
 * try again at once. There is room for eight: a name whose answers change all the time is not tried
 * all the time.
 *
 * @param answers fingerprints of them
 * @param counts whether another answer is such a reason: not while the CA or its limits ask to wait
 */
public record SeenInDns(List<String> answers, boolean counts) {

  /** Nobody has looked. */
  public static final SeenInDns NOTHING = new SeenInDns(List.of(), false);

  private static final int MOST = 8;

  public SeenInDns {
    answers = answers.stream().limit(MOST).toList();
  }

  /** With one more. */
  SeenInDns and(String answer) {
    return new SeenInDns(
        Stream.concat(answers.stream(), Stream.of(answer)).distinct().toList(), counts);
  }

  /** The same, said to be a reason to try again when another one comes, or not. */
  public SeenInDns counting(boolean counts) {
    return new SeenInDns(answers, counts && !answers.isEmpty());
  }

  /** Whether it is worth to look what DNS says now. */
  public boolean isWatched() {
    return counts && !answers.isEmpty() && answers.size() < MOST;
  }

  /** Whether an answer is not among them. */
  public boolean isNew(String answer) {
    return !answers.contains(answer);
  }
}
