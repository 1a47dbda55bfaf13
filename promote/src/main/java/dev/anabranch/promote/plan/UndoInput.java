package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.promote.merge.MergedCell;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the undoing of a promotion is planned from, rows of main excepted.
 *
 * @param units the ids of the units to undo, in commit order
 * @param written what the promotion did to main's rows, by those units
 * @param footing what it stood on
 * @param main main's tables now, by id; one that is missing is gone
 * @param rejections rows that main refused in an earlier attempt of this undoing
 * @param traps rules that are off
 * @param combining the columns of main that combine now
 * @param merged the cells that rules had a part in
 * @param later what promotions since have written again
 */
public record UndoInput(
    List<Long> units,
    List<Written> written,
    Footing footing,
    Map<TableId, MainTable> main,
    List<Rejection> rejections,
    Traps traps,
    Combining combining,
    List<MergedCell> merged,
    LaterWrites later) {

  /** One of a promotion in which no rule had a part. */
  public UndoInput(
      List<Long> units,
      List<Written> written,
      Footing footing,
      Map<TableId, MainTable> main,
      List<Rejection> rejections,
      Traps traps) {
    this(
        units,
        written,
        footing,
        main,
        rejections,
        traps,
        Combining.NONE,
        List.of(),
        LaterWrites.none());
  }

  public UndoInput {
    units = List.copyOf(units);
    written = List.copyOf(written);
    main = Map.copyOf(main);
    rejections = List.copyOf(rejections);
    merged = List.copyOf(merged);
  }

  MainTable table(TableId id) {
    MainTable table = main.get(id);
    if (table == null) {
      throw new IllegalStateException("table " + id + " is not on main");
    }
    return table;
  }

  /** Whether a row that is not in the table any more may be in another part of the same whole. */
  boolean mayHaveMoved(TableId table) {
    return !footing.ground().parents().getOrDefault(table, Set.of()).isEmpty();
  }

  List<Integer> keyColumns(TableId table) {
    return standing(table).keyColumns();
  }

  Footing.Standing standing(TableId table) {
    Footing.Standing standing = footing.tables().get(table);
    if (standing == null) {
      throw new IllegalStateException("the layout of table " + table + " was not kept");
    }
    return standing;
  }
}
