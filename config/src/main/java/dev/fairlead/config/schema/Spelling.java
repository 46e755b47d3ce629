package dev.fairlead.config.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Words: how they are written, and which was probably meant. */
public final class Spelling {

  private static final int MAX_LENGTH = 128;

  private Spelling() {}

  /**
   * The known word that takes the fewest edits to reach, at most one for every three letters. Upper
   * and lower case, {@code _}, {@code -} and {@code .} count as the same.
   *
   * @return empty when no word is near, or the text is longer than any word could be
   */
  public static Optional<String> nearest(String text, Collection<String> words) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = plain(text);
    record Candidate(String word, int distance) {}
    return words.stream()
        .map(word -> new Candidate(word, distance(plain, plain(word))))
        .filter(
            each -> each.distance <= Math.max(1, Math.min(plain.length(), each.word.length()) / 3))
        .min(Comparator.comparingInt(Candidate::distance))
        .map(Candidate::word);
  }

  /** How a constant is written: {@code ROUND_ROBIN} is {@code round-robin}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
  }

  /**
   * Edits between two words, where an edit inserts, removes or replaces a letter or swaps two
   * neighbours (optimal string alignment distance).
   */
  static int distance(String one, String other) {
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, one, other, i, j);
      }
    }
    return edits[one.length()][other.length()];
  }

  private static int cheapest(int[][] edits, String one, String other, int i, int j) {
    boolean same = one.charAt(i - 1) == other.charAt(j - 1);
    int best = edits[i - 1][j - 1] + (same ? 0 : 1);
    best = Math.min(best, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
  }
}
