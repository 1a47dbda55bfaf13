package dev.anabranch.check.diff;

import dev.anabranch.base.BranchName;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What somebody wants to know.
 *
 * @param behind what main has changed since the fork, not the branch
 * @param table only this one, by its name
 * @param kinds only rows of which this became
 * @param unit only what this unit did
 * @param pending only what has not landed on main yet
 * @param schema definitions, too
 * @param order of the rows
 */
public record DiffRequest(
    BranchName branch,
    boolean behind,
    Optional<String> table,
    Set<ChangedRow.Kind> kinds,
    OptionalLong unit,
    boolean pending,
    boolean schema,
    Order order) {
  public DiffRequest {
    kinds = Set.copyOf(kinds);
  }

  /** How rows follow each other. */
  public enum Order {
    /** One table after the other, by name. */
    TABLE,
    /** As they were written. */
    TIME
  }
}
