package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.overlay.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that left and that entered what a statement of a {@link Rule} reads. Main's own changes
 * alone, each of which is known to match or not to match: any doubt, and nothing follows from it.
 */
public final class Movement {

  private final Rule rule;
  private final List<Integer> columns;
  private final Traps traps;
  private final List<Row> left = new ArrayList<>();
  private final List<Row> entered = new ArrayList<>();
  private boolean certain = true;

  /**
   * What the rule needs of a row.
   *
   * @param cells by the column's number
   */
  record Row(Map<Integer, Cell> cells) {
    Cell at(int column) {
      return cells.getOrDefault(column, Cell.Absent.UNCHANGED);
    }
  }

  Movement(Rule rule, Traps traps) {
    this.rule = rule;
    this.columns = rule.columns();
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

  /** Takes a change of which something may match. */
  void add(RowChange change, Look look) {
    boolean was = take(change.before(), look, left);
    boolean is = take(change.after(), look, entered);
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

  private boolean take(Optional<Image> image, Look look, List<Row> rows) {
    if (!certain || image.isEmpty()) {
      return false;
    }
    return switch (look.decide(image.get())) {
      case TRUE -> {
        Map<Integer, Cell> cells = new HashMap<>();
        for (int column : columns) {
          int place = look.layout().indexOf(column);
          cells.put(column, place < 0 ? Cell.Absent.UNCHANGED : image.get().cells().get(place));
        }
        rows.add(new Row(cells));
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
