package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.Map;
import java.util.Set;

/**
 * A sequence of main that the branch drew from, and where main's catalogs say that it is used.
 *
 * @param generator the sequence
 * @param columns by table, the columns whose defaults draw from it; none where a function, a
 *     trigger or a program does
 */
public record SequenceUse(Generator generator, Map<TableId, Set<Integer>> columns) {
  public SequenceUse {
    columns = Map.copyOf(columns);
  }
}
