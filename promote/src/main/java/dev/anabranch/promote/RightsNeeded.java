package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rights that writing something to a table takes. */
final class RightsNeeded {

  private RightsNeeded() {}

  /** By table, for the writes of these units. */
  static Map<TableId, Set<String>> toWrite(List<Unit> units) {
    Map<TableId, Set<String>> rights = new HashMap<>();
    units.forEach(unit ->
        unit.writes()
            .forEach(write ->
                rights.computeIfAbsent(write.table(), _ -> new TreeSet<>()).add(right(write))));
    return rights;
  }

  private static String right(Write write) {
    return switch (write) {
      case Write.Insert insert -> "INSERT";
      case Write.Update update -> "UPDATE";
      case Write.Delete delete -> "DELETE";
      case Write.Truncate truncate -> "TRUNCATE";
    };
  }
}
