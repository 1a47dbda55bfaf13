package dev.anabranch.promote;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing for a person to decide: the root of why units are held.
 *
 * @param kind what sort of thing
 * @param sentence it in words, such as "answer 17 was 47, is 48, because order 9001 arrived"
 * @param answer the answer's id, for an answer
 * @param table {@code schema.table}, for a row
 * @param key the row's key, column name to text
 * @param base the row at the fork point, column name to text (only columns in conflict), empty when
 *     absent
 * @param branch the row on the branch
 * @param main the row on main
 * @param units the ids of all units held because of it
 * @param choices what a promotion can be told to do about it: accept, or nothing
 */
public record Fact(
    Kind kind,
    String sentence,
    Optional<Long> answer,
    Optional<String> table,
    Optional<Map<String, String>> key,
    Optional<Map<String, String>> base,
    Optional<Map<String, String>> branch,
    Optional<Map<String, String>> main,
    List<Long> units,
    List<String> choices) {

  /** The sort of a fact. */
  public enum Kind {
    /** An answer that changed or can't be told. */
    ANSWER,
    /** A row that both sides changed. */
    CONFLICT,
    /** Something main's constraints or schema would refuse, or that can't be folded back. */
    CONSTRAINT
  }
}
