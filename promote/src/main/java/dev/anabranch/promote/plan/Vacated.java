package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The keys of main that are free once what is planned is written: two texts of one key are one. */
final class Vacated {

  private final Map<RowRef, MainRow> main;
  private final Set<RowRef> keys = new HashSet<>();
  private final Set<There> rows = new HashSet<>();

  private record There(TableId table, MainRow row) {}

  /**
   * @param main the rows that main has, by each text by which it was asked for them
   */
  Vacated(Map<RowRef, MainRow> main) {
    this.main = main;
  }

  void add(RowRef key) {
    keys.add(key);
    MainRow row = main.get(key);
    if (row != null) {
      rows.add(new There(key.table(), row));
    }
  }

  boolean has(RowRef key) {
    MainRow row = main.get(key);
    return keys.contains(key) || (row != null && rows.contains(new There(key.table(), row)));
  }
}
