package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Units that landed and were taken back from main. They stay landed for the branch, so no promotion
 * brings them again; undoing the undoing does.
 */
final class UndoneUnits {

  private final Jdbi jdbi;
  private final Promotions promotions;

  UndoneUnits(Jdbi jdbi, Promotions promotions) {
    this.jdbi = jdbi;
    this.promotions = promotions;
  }

  /** The ids of a branch's units that are not on main any more, each with the undoing's. */
  Map<Long, String> of(BranchId branch) {
    Map<Long, String> undone = new HashMap<>();
    for (String promotion : written(branch)) {
      Promotions.TakenBack taken = promotions.takenBack(promotion);
      taken.units().forEach(unit -> undone.put(unit, taken.by().getLast()));
    }
    return undone;
  }

  /** The promotions that some undoing has been made of. */
  private List<String> written(BranchId branch) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT id FROM promotions p
                WHERE branch_id = ? AND state = 'landed' AND undoes IS NULL
                  AND EXISTS (SELECT FROM promotions u WHERE u.undoes = p.id AND u.state = 'landed')
                ORDER BY started_at, id
                """)
            .bind(0, branch.value())
            .mapTo(String.class)
            .list());
  }
}
