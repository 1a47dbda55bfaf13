package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.List;

/** What a promotion did to one row of main, with what it takes to undo that. */
public sealed interface Written {

  TableId table();

  /** The ids of the units behind it, in commit order: undone together or not at all. */
  List<Long> units();

  /**
   * @param row as main had it after the statement, defaults included
   */
  record Inserted(TableId table, Row row, List<Long> units) implements Written {
    public Inserted {
      units = List.copyOf(units);
    }
  }

  /**
   * @param before the key and the written cells as they were on main; of a table without a key, the
   *     whole row
   * @param after the same as they became
   */
  record Updated(TableId table, Row before, Row after, List<Long> units) implements Written {
    public Updated {
      units = List.copyOf(units);
    }
  }

  /**
   * @param row the whole row as it was on main
   */
  record Deleted(TableId table, Row row, List<Long> units) implements Written {
    public Deleted {
      units = List.copyOf(units);
    }
  }
}
