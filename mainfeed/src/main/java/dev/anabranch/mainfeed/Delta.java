package dev.anabranch.mainfeed;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.util.Map;

/**
 * Main's net change over a window: all commits after {@code since}, up to and including {@code
 * asOf}, and no other.
 *
 * <p>A commit's position is the <em>end</em> of its commit record. That is what makes a fork point
 * and a delta meet without a gap or an overlap: recovery that ends at a position has replayed
 * exactly the commit records that end at or below it.
 *
 * @param since the fork point
 * @param asOf the position it is true as of
 * @param tables every table that was watched or seen; a table that is missing was not watched
 */
public record Delta(Lsn since, Lsn asOf, Map<TableId, TableDelta> tables) {
  public Delta {
    tables = Map.copyOf(tables);
  }

  public TableDelta of(TableId table) {
    TableDelta delta = tables.get(table);
    return delta != null ? delta : new TableDelta.Unwatched("the feed has never watched it");
  }
}
