package dev.anabranch.promote;

import dev.anabranch.base.ShortDigest;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.RowChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plan's parts by name, each with a digest of what it is, so that two plans can be compared.
 *
 * @param rows the rows to write, such as {@code public.stock id=1}, with main's row that each was
 *     merged with; only the first {@value #ROWS_LIMIT}
 * @param facts the facts, with what was decided
 * @param units the units that land
 */
public record PlanParts(
    Map<String, String> rows, Map<String, String> facts, Map<String, String> units) {

  /** The most rows that are kept by name; the plan's digest is of all. */
  static final int ROWS_LIMIT = 10_000;

  private static final int DIGITS = 16;

  /** What is kept of a plan. */
  static PlanParts of(Plan plan) {
    Map<String, String> rows = new TreeMap<>();
    for (RowChange change : plan.changes()) {
      if (rows.size() == ROWS_LIMIT) {
        break;
      }
      rows.merge(name(plan, change), Plan.digestOf(change), PlanParts::both);
    }
    Map<String, String> facts = new TreeMap<>();
    plan.facts().forEach(fact -> facts.put(fact.id(), Plan.digestOf(fact)));
    Map<String, String> units = new TreeMap<>();
    plan.landing().forEach(unit -> units.put(Long.toString(unit), ""));
    return new PlanParts(rows, facts, units);
  }

  /** Rows without a key can have one name. */
  private static String both(String one, String other) {
    return ShortDigest.of(DIGITS, List.of(one, other));
  }

  private static String name(Plan plan, RowChange change) {
    MainTable table = plan.tables().get(change.table());
    List<Integer> key = plan.keyColumns().getOrDefault(change.table(), List.of());
    return table == null
        ? change.table() + " " + change.key()
        : table.shape().qualifiedName()
            + (key.isEmpty() ? "" : " " + words(table.named(key, change.key())));
  }

  private static String words(Map<String, String> key) {
    return String.join(
        ", ",
        key.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
  }
}
