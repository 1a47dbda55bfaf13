package dev.anabranch.mainfeed;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import java.util.List;

/** What is known of one table's changes over a window. Only {@link Rows} can support a proof. */
public sealed interface TableDelta {

  /**
   * The table was watched over the whole window and these are all its changed keys.
   *
   * @param shape the layout of the images
   * @param rows each key once; empty when nothing changed
   */
  record Rows(TableShape shape, List<NewestRow> rows) implements TableDelta {}

  /**
   * Watched over the whole window, and changed in a way that is not a set of keyed rows (TRUNCATE,
   * a table without a key).
   *
   * @param last the newest such commit
   */
  record Touched(Lsn last, String why) implements TableDelta {}

  /** Not watched over the whole window; anything may have happened. */
  record Unwatched(String why) implements TableDelta {}
}
