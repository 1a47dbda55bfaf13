package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Write;
import java.util.Optional;

/**
 * One row write of one unit, after earlier renumberings.
 *
 * @param unit the place of its unit among the pending ones
 * @param table the table
 * @param before the row before, empty for an insert
 * @param after the row after, empty for a delete
 * @param write it, as the branch has it in its log
 */
record Step(int unit, TableId table, Optional<Row> before, Optional<Row> after, Write write) {}
