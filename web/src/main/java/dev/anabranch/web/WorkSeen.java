package dev.anabranch.web;

/**
 * What of a branch would be lost with it, as the API tells it.
 *
 * @param branch its name
 * @param work what this is known to be the same by
 * @param left how many units are not on main
 * @param onMain how many are
 * @param undone how many were, and were taken back
 * @param dropped how many never land, as was decided
 */
public record WorkSeen(String branch, String work, int left, int onMain, int undone, int dropped) {

  /** It in words. */
  public String sentence() {
    String more =
        undone == 0
            ? ""
            : " "
                + PageTexts.count(undone, "unit")
                + (undone == 1 ? " was" : " were")
                + " on main and "
                + (undone == 1 ? "was" : "were")
                + " taken back, so only the branch has "
                + (undone == 1 ? "it." : "them.");
    if (left > 0) {
      return PageTexts.count(left, "unit")
          + " of its work "
          + (left == 1 ? "is" : "are")
          + " not on main."
          + more;
    }
    if (onMain + dropped + undone == 0) {
      return "Nothing was committed on it.";
    }
    if (onMain + dropped == 0) {
      return more.strip();
    }
    return (dropped == 0
            ? "All" + (undone == 0 ? " of its work is on main." : " of its other work is on main.")
            : "All of its " + (undone == 0 ? "" : "other ") + "work is on main, or was dropped.")
        + more;
  }

  /** Whether something is lost with it. */
  public boolean isAtStake() {
    return left + undone > 0;
  }
}
