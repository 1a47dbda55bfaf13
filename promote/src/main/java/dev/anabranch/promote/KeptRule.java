package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import java.time.Instant;
import java.util.List;

/**
 * The rule by which a column of main combines.
 *
 * @param column {@code schema.table.column}, as it was called when the rule was set
 * @param table the column's table
 * @param number the column's number in it
 * @param rule the rule's word; {@code value} for a column that combines no more
 * @param version a later one took its place
 * @param who whoever set it
 * @param setAt when
 * @param decides what main's constraints decide of each sum or union at the commit, as main has
 *     them; known only where it was just set
 */
public record KeptRule(
    String column,
    TableId table,
    int number,
    String rule,
    long version,
    String who,
    Instant setAt,
    List<String> decides) {
  public KeptRule {
    decides = List.copyOf(decides);
  }
}
