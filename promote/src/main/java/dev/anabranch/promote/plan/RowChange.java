package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.List;

/** One row to be written on main: the net effect of the landing units on it. */
public sealed interface RowChange {

  TableId table();

  /**
   * The row's key on main: before the change, or of the new row, where it is the branch's until
   * main's numbers are drawn.
   */
  Key key();

  /** The ids of the units behind it, in commit order. */
  List<Long> units();

  /**
   * @param cells every cell that the branch has and main knows
   */
  record Insert(TableId table, Key key, Cells cells, List<Long> units) implements RowChange {}

  /**
   * @param before main's row that the merge was made with
   * @param cells the cells to set
   */
  record Update(TableId table, Key key, MainRow before, Cells cells, List<Long> units)
      implements RowChange {}

  /**
   * @param before main's row that the merge was made with
   */
  record Delete(TableId table, Key key, MainRow before, List<Long> units) implements RowChange {}
}
