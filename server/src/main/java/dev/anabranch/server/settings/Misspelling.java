package dev.anabranch.server.settings;

import java.util.List;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Misspelling {

  /** More slips than this, and it is another word. */
  private static final int MOST_SLIPS = 3;

  private Misspelling() {}

  /** The known word with the fewest single-letter edits away, empty when none is near. */
  static Optional<String> nearest(String word, List<String> known) {
    Optional<String> best = Optional.empty();
    int fewest = MOST_SLIPS + 1;
    for (String candidate : known) {
      int slips = slips(word, candidate);
      if (slips < fewest) {
        fewest = slips;
        best = Optional.of(candidate);
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int slips(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
