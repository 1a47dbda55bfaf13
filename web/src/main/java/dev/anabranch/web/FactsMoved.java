package dev.anabranch.web;

import java.util.Map;
import java.util.Optional;

/**
 * What became of the facts that a page shows.
 *
 * @param known whether the page's own facts could be compared with
 * @param retained how many are as they are shown
 * @param replaced how many are others
 * @param cleared how many are there no more
 * @param added how many are new
 */
public record FactsMoved(boolean known, int retained, int replaced, int cleared, int added) {

  /**
   * @param shown id to state, of those on the page
   * @param now id to state
   */
  static FactsMoved between(Optional<Map<String, String>> shown, Map<String, String> now) {
    if (shown.isEmpty()) {
      return new FactsMoved(false, 0, 0, 0, 0);
    }
    int retained = 0;
    int replaced = 0;
    int cleared = 0;
    for (Map.Entry<String, String> fact : shown.get().entrySet()) {
      String other = now.get(fact.getKey());
      if (other == null) {
        cleared++;
      } else if (other.equals(fact.getValue())) {
        retained++;
      } else {
        replaced++;
      }
    }
    int added = (int) now.keySet().stream().filter(id -> !shown.get().containsKey(id)).count();
    return new FactsMoved(true, retained, replaced, cleared, added);
  }
}
