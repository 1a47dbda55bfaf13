package dev.anabranch.predicate.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A LIKE pattern over characters: {@code %} is any run, {@code _} any one, a backslash takes the
 * next as it is.
 *
 * @param steps what must come, in order
 */
record LikePattern(List<Integer> steps) {

  private static final int ANY_RUN = -1;
  private static final int ANY_ONE = -2;

  /**
   * Empty for a pattern that ends in its escape character: Postgres fails there, but only when it
   * gets that far.
   */
  static Optional<LikePattern> read(String pattern) {
    List<Integer> steps = new ArrayList<>();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      switch (characters[i]) {
        case '%' -> steps.add(ANY_RUN);
        case '_' -> steps.add(ANY_ONE);
        case '\\' -> {
          if (++i == characters.length) {
            return Optional.empty();
          }
          steps.add(characters[i]);
        }
        default -> steps.add(characters[i]);
      }
    }
    return Optional.of(new LikePattern(List.copyOf(steps)));
  }

  boolean matches(String text) {
    int[] characters = text.codePoints().toArray();
    int step = 0;
    int at = 0;
    int lastRun = -1;
    int resumeAt = 0;
    while (at < characters.length) {
      if (step < steps.size()
          && (steps.get(step) == ANY_ONE || steps.get(step) == characters[at])) {
        step++;
        at++;
      } else if (step < steps.size() && steps.get(step) == ANY_RUN) {
        lastRun = step++;
        resumeAt = at;
      } else if (lastRun >= 0) {
        step = lastRun + 1;
        at = ++resumeAt;
      } else {
        return false;
      }
    }
    while (step < steps.size() && steps.get(step) == ANY_RUN) {
      step++;
    }
    return step == steps.size();
  }
}
