package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.List;

/**
 * A tuple of values that writes to a table can meet in: a row's key, a unique tuple, or what a
 * foreign key points at.
 *
 * @param table the table that the tuple belongs to
 * @param columns the columns' names on main
 * @param values their texts
 */
record Claim(TableId table, List<String> columns, List<String> values) {}
