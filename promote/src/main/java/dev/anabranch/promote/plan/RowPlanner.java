package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a plan once it has seen the rows of main that it asks for. */
public interface RowPlanner {

  /** Every row of main that the plan has to look at. */
  Map<TableId, Set<Key>> rowsToRead();

  /** Rows of tables without a key that main must be asked for by all that they hold. */
  Map<TableId, Set<Row>> contentsToRead();

  /** The columns by which such rows can be compared. */
  Set<Integer> comparableColumns(TableId table);

  /** The numbers of the columns that rows of a table are found by. */
  List<Integer> keyColumns(TableId table);

  /**
   * Plans.
   *
   * @param rows what main has of {@link #rowsToRead()} and {@link #contentsToRead()}
   */
  Plan plan(MainRows rows);
}
