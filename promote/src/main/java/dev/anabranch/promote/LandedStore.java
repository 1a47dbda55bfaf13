package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.promote.plan.Renumbering;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** What of branches' work is on main, by the promotions in the control database. */
final class LandedStore {

  private final Jdbi jdbi;
  private final Undoings undoings;

  LandedStore(Jdbi jdbi) {
    this.jdbi = jdbi;
    this.undoings = new Undoings(jdbi);
  }

  /**
   * The ids of all units of a branch that have come to main, those that were undone there since
   * among them: they are not landed again by themselves, and never laid over main.
   */
  Set<Long> units(BranchId branch) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT DISTINCT unnest(unit_ids) FROM promotions WHERE branch_id = ? AND state"
                        + " = 'landed' AND undoes IS NULL")
                .bind(0, branch.value())
                .mapTo(Long.class)
                .list()));
  }

  /** All renumberings of a branch's landed units, oldest first. */
  List<Renumbering> renumberings(BranchId branch) {
    return jdbi
        .withHandle(handle ->
            handle
                .createQuery(
                    "SELECT renumberings::text FROM promotions WHERE branch_id = ? AND state ="
                        + " 'landed' ORDER BY started_at")
                .bind(0, branch.value())
                .mapTo(String.class)
                .list())
        .stream()
        .flatMap(json -> ReceiptJson.readRenumberings(json).stream())
        .toList();
  }

  /** What of a branch is on main, and under which keys. */
  Landed of(BranchId branch) {
    Map<TableId, Map<Key, Key>> renumbered = new HashMap<>();
    for (Renumbering renumbering : renumberings(branch)) {
      Map<Key, Key> keys =
          renumbered.computeIfAbsent(renumbering.table(), ignored -> new HashMap<>());
      renumbering
          .keys()
          .forEach((from, to) -> keys.put(renumbering.inOrder(from), renumbering.inOrder(to)));
    }
    return new Landed(
        units(branch),
        renumbered,
        undoings.of(branch),
        undoings.redone(branch),
        landedOtherwise(branch),
        alsoChanged(branch));
  }

  /**
   * The units of which a person, or a rule, chose other cells than they wrote, and of which tables.
   */
  private Map<Long, Set<String>> landedOtherwise(BranchId branch) {
    Map<Long, Set<String>> units = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(
                """
                SELECT DISTINCT CAST(u AS bigint) AS unit, s.tab
                FROM promotions p,
                  LATERAL (
                    SELECT f -> 'units', coalesce(f ->> 'table', '') FROM jsonb_array_elements(p.receipt -> 'facts') AS f
                    WHERE f #>> '{decided,choice}' = 'rerun' OR (lower(f ->> 'kind') = 'conflict' AND f #>> '{decided,choice}' <> 'branch')
                    UNION ALL
                    SELECT m -> 'units', m ->> 'table' FROM jsonb_array_elements(p.receipt -> 'merged') AS m
                  ) AS s (units, tab),
                  LATERAL jsonb_array_elements_text(s.units) AS u
                WHERE p.branch_id = ? AND p.state = 'landed' AND p.undoes IS NULL
                  AND CAST(u AS bigint) = ANY (p.unit_ids)
                """)
            .bind(0, branch.value())
            .map((row, context) ->
                units
                    .computeIfAbsent(row.getLong("unit"), _ -> new HashSet<>())
                    .add(row.getString("tab")))
            .list());
    return units;
  }

  /**
   * Any table, 0, where that was not kept, where nothing was written at all, and of what was
   * undone: main may have changed it before it was brought again.
   */
  private Map<Long, Set<TableId>> alsoChanged(BranchId branch) {
    Map<Long, Set<TableId>> units = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(
                """
                SELECT u AS unit, CAST(t AS bigint) AS tab
                FROM promotions p, LATERAL unnest(p.unit_ids) AS u,
                  LATERAL jsonb_array_elements_text(
                    CASE WHEN p.also_changed IS NULL OR p.undoes IS NOT NULL THEN '[0]'
                      ELSE coalesce(p.also_changed -> CAST(u AS text), '[]') END) AS t
                WHERE p.branch_id = ? AND p.state = 'landed'
                """)
            .bind(0, branch.value())
            .map((row, context) ->
                units
                    .computeIfAbsent(row.getLong("unit"), _ -> new HashSet<>())
                    .add(new TableId(row.getLong("tab"))))
            .list());
    return units;
  }
}
