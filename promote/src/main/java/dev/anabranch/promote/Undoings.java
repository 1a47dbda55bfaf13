package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;

/** The promotions that took back the work of others. */
final class Undoings {

  private final Jdbi jdbi;

  Undoings(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What undoings took back of a promotion, and was not brought again by undoing those.
   *
   * @param units the ids of the units
   * @param by the undoings, the last one last
   */
  record TakenBack(Set<Long> units, List<String> by) {
    static final TakenBack NONE = new TakenBack(Set.of(), List.of());
  }

  TakenBack takenBack(String promotion) {
    Set<Long> units = new TreeSet<>();
    List<String> by = new ArrayList<>();
    for (Undoing undoing : of(promotion)) {
      Set<Long> still = new TreeSet<>(undoing.units());
      still.removeAll(takenBack(undoing.id()).units());
      if (!still.isEmpty()) {
        units.addAll(still);
        by.add(undoing.id());
      }
    }
    return new TakenBack(units, by);
  }

  /**
   * The units of a branch that landed as they were executed again, by which a client would have
   * been told something else.
   */
  Set<Long> redone(BranchId branch) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT CAST(f #>> '{rerun,unit}' AS bigint)
                    FROM promotions p, LATERAL jsonb_array_elements(p.receipt -> 'facts') AS f
                    WHERE p.branch_id = ? AND p.state = 'landed' AND p.undoes IS NULL
                      AND f #>> '{decided,choice}' = 'rerun' AND f #> '{rerun,tells,0}' IS NOT NULL
                    """)
                .bind(0, branch.value())
                .mapTo(Long.class)
                .list()));
  }

  /** The units of a branch that landed and were taken back again. */
  Set<Long> of(BranchId branch) {
    return byUnit(branch).keySet();
  }

  /** The same, each with the undoing that took it back: only undoing that brings it again. */
  Map<Long, String> byUnit(BranchId branch) {
    Map<Long, String> undone = new HashMap<>();
    jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT DISTINCT undoes FROM promotions p WHERE state = 'landed' AND branch_id"
                        + " = ? AND EXISTS (SELECT FROM promotions o WHERE o.id = p.undoes AND"
                        + " o.undoes IS NULL)")
                .bind(0, branch.value())
                .mapTo(String.class)
                .list())
        .forEach(promotion -> {
          TakenBack taken = takenBack(promotion);
          taken.units().forEach(unit -> undone.put(unit, taken.by().getLast()));
        });
    return undone;
  }

  private record Undoing(String id, List<Long> units) {}

  private List<Undoing> of(String promotion) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT id, unit_ids FROM promotions WHERE undoes = ? AND state = 'landed' AND"
                    + " receipt ->> 'committed' IS NOT NULL ORDER BY started_at, id")
            .bind(0, promotion)
            .map((row, context) ->
                new Undoing(
                    row.getString("id"), List.of((Long[]) row.getArray("unit_ids").getArray())))
            .list());
  }
}
