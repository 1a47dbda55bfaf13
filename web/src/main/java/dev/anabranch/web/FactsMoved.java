package dev.anabranch.web;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of the facts that a page shows.
 *
 * @param known whether the page's own facts could be compared with
 * @param retained how many are as they are shown
 * @param replaced how many are others
 * @param cleared how many are there no more
 * @param added how many are new
 * @param decided how many somebody has decided since, or opened again
 * @param deciders who that was, as far as it is told
 * @param grown whether there are more units
 */
public record FactsMoved(
    boolean known,
    int retained,
    int replaced,
    int cleared,
    int added,
    int decided,
    Set<String> deciders,
    boolean grown) {

  /**
   * @param then what the page shows
   * @param work what there is now
   */
  static FactsMoved between(Optional<ReviewsShown.Shown> then, Promoted work) {
    if (then.isEmpty()) {
      return new FactsMoved(false, 0, 0, 0, 0, 0, Set.of(), false);
    }
    ReviewsShown.Shown shown = then.get();
    ReviewsShown.Shown now = ReviewsShown.Shown.of(work);
    int retained = 0;
    int replaced = 0;
    int cleared = 0;
    for (Map.Entry<String, String> fact : shown.states().entrySet()) {
      String other = now.states().get(fact.getKey());
      if (other == null) {
        cleared++;
      } else if (other.equals(fact.getValue())) {
        retained++;
      } else {
        replaced++;
      }
    }
    int decided = 0;
    Set<String> deciders = new TreeSet<>();
    for (FactSeen fact : work.facts()) {
      if (!fact.saidAt().equals(shown.decided().getOrDefault(fact.id(), ""))) {
        decided++;
        Optional.ofNullable(fact.decided() == null ? fact.kept() : fact.decided())
            .ifPresent(said -> deciders.add(said.who()));
      }
    }
    int added =
        (int) now.states().keySet().stream().filter(id -> !shown.states().containsKey(id)).count();
    return new FactsMoved(
        true, retained, replaced, cleared, added, decided, deciders, now.units() > shown.units());
  }

  /** What has made the plan another, as far as that is known. */
  public String why() {
    if (decided > 0) {
      return deciders.isEmpty()
          ? "A decision was taken back"
          : "Something was decided, by " + String.join(", ", deciders);
    }
    return grown ? "The branch has gone on" : "Main has moved";
  }
}
