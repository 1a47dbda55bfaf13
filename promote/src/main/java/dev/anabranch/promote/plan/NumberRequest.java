package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;

/**
 * A new row whose key came from a sequence on the branch.
 *
 * @param table its table
 * @param column the generated column
 * @param generator main's sequence
 * @param value the branch's value
 * @param keepable whether main has not given the value out yet and can, so that the row keeps it;
 *     any other gets a number of main's own
 */
public record NumberRequest(
    TableId table, int column, Generator generator, long value, boolean keepable) {}
