package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which units wrote what main has changed, or put in, as well, and in which tables. */
final class AlsoChanged {

  private final Map<Long, Set<TableId>> tables = new TreeMap<>();

  /**
   * Notes a row, where it is one.
   *
   * @param main the row there
   * @param columns those that can be compared
   * @param units the ids of those that wrote it
   */
  void note(Lineage lineage, Optional<Row> main, Set<Integer> columns, List<Long> units) {
    if (lineage.isChangedIn(main, columns)) {
      units.forEach(
          unit -> tables.computeIfAbsent(unit, _ -> new HashSet<>()).add(lineage.table()));
    }
  }

  /** By the ids of the units. */
  Map<Long, Set<TableId>> tables() {
    return tables;
  }
}
