package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.promote.plan.Renumbering;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rights that it takes on main to do by hand what units do. */
final class RightsNeeded {

  private RightsNeeded() {}

  /**
   * By table, as Postgres calls them.
   *
   * @param earlier keys that were renumbered: what names such a row is found by the foreign keys to
   *     its table, written to or not
   */
  static Map<TableId, Set<String>> of(List<Unit> units, List<Renumbering> earlier) {
    Map<TableId, Set<String>> written = new HashMap<>();
    units.forEach(unit ->
        unit.writes()
            .forEach(write ->
                written.computeIfAbsent(write.table(), _ -> new TreeSet<>()).add(right(write))));
    earlier.forEach(one -> written.computeIfAbsent(one.table(), _ -> new TreeSet<>()));
    return written;
  }

  private static String right(Write write) {
    return switch (write) {
      case Write.Insert ignored -> "INSERT";
      case Write.Update ignored -> "UPDATE";
      case Write.Delete ignored -> "DELETE";
      case Write.Truncate ignored -> "TRUNCATE";
    };
  }
}
