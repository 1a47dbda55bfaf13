package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows that left and that entered what a statement of a {@link Rule} reads. Main's own changes
 * alone, each of which is known to match or not to match: any doubt, and nothing follows from it.
 */
public final class Movement {

  private final Rule rule;
  private final Traps traps;
  private final List<Row> left = new ArrayList<>();
  private final List<Row> entered = new ArrayList<>();
  private boolean certain = true;

  /** A row of the table that the rule is about. */
  record Row(Image image, Layout layout) {

    /** One of the table's columns, by its number; UNCHANGED where that is not known. */
    Cell at(int column) {
      int place = layout.indexOf(column);
      return place < 0 ? Cell.Absent.UNCHANGED : image.cells().get(place);
    }
  }

  Movement(Rule rule, Traps traps) {
    this.rule = rule;
    this.traps = traps;
  }

  Rule rule() {
    return rule;
  }

  boolean isCertain() {
    return certain;
  }

  List<Row> left() {
    return left;
  }

  List<Row> entered() {
    return entered;
  }

  /**
   * Takes a change of which something may match.
   *
   * @param before what the condition comes to on the row as it was; false where there was none
   * @param after the same as it is
   */
  void add(RowThenAndNow change, Truth before, Truth after, Look look) {
    boolean was = take(change.before(), before, look, left);
    boolean is = take(change.after(), after, look, entered);
    if (was && is && traps.has(Trap.MATCHING_STAYS_SAME)) {
      left.removeLast();
      entered.removeLast();
    }
  }

  /** From here on nothing follows. */
  void doubt() {
    certain = false;
    left.clear();
    entered.clear();
  }

  private boolean take(Optional<Image> image, Truth matches, Look look, List<Row> rows) {
    if (!certain || image.isEmpty()) {
      return false;
    }
    return switch (matches) {
      case TRUE -> {
        rows.add(new Row(image.get(), look.layout()));
        yield true;
      }
      case FALSE, NULL, FALSE_OR_NULL -> false;
      case TRUE_OR_FALSE, TRUE_OR_NULL, ANY -> {
        doubt();
        yield false;
      }
    };
  }
}
