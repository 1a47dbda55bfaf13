package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a branch stood on: what main had around its tables at the fork point, besides their rows and
 * columns.
 *
 * @param parents what a table inherited from or was a partition of
 * @param guards by table, the versions of its triggers, policies and rights
 * @param actsAs the role of main that the branch's client acts as, when it is not the owners'
 */
public record Ground(
    Map<TableId, Set<TableId>> parents,
    Map<TableId, Map<String, String>> guards,
    Optional<String> actsAs) {
  public Ground {
    parents = Map.copyOf(parents);
    guards = Map.copyOf(guards);
  }
}
