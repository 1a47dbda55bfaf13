package dev.anabranch.promote.merge;

import dev.anabranch.base.Cell;
import dev.anabranch.base.TypeOid;
import java.util.List;
import java.util.Optional;

/**
 * How a column combines when the branch and main both changed it. A column without one is a value:
 * then that is a conflict.
 *
 * <p>Whatever the order in which branches of one fork point land, the cell comes out the same. A
 * rule that can't tell what comes out leaves the cell a conflict.
 */
public sealed interface MergeRule permits CounterRule, ExtremeRule, SetRule, MapRule, TextRule {

  /** The words of all rules. */
  List<String> WORDS = List.of("value", "counter", "set", "map", "max", "min", "text");

  /** Its word. */
  String word();

  /** What becomes of three values, none of them NULL. */
  Merged combine(String base, String branch, String main);

  /**
   * Whether a cell may only be combined when every statement that changed it on the branch says in
   * itself what it does to the value that it finds.
   */
  default boolean needsOperations() {
    return false;
  }

  /**
   * Why an operation of the branch's may do more on main than it did there; empty where what it
   * changed tells all that it said. {@code attrs || '{"a": 1, "b": 2}'} also says what the branch
   * had already.
   */
  default Optional<String> mayBeSaidAgain(Cell base, Cell branch, Cell main) {
    return Optional.empty();
  }

  /** What becomes of one cell. */
  default Merged merge(Cell base, Cell branch, Cell main) {
    return base instanceof Cell.Text(String was)
            && branch instanceof Cell.Text(String ours)
            && main instanceof Cell.Text(String theirs)
        ? combine(was, ours, theirs)
        : new Merged.Apart(word() + " combines no NULL");
  }

  /**
   * The rule of this word for a type; empty when the type can't carry it, for {@code value}, and
   * for a word that is none.
   *
   * @param type the OID of the column's type, of a domain's values
   * @param modifier its precision and scale, as {@code atttypmod} has them
   */
  static Optional<MergeRule> of(String word, long type, int modifier) {
    return switch (word) {
      case "counter" -> CounterRule.of(type, modifier);
      case "max" -> ExtremeRule.of(type, true);
      case "min" -> ExtremeRule.of(type, false);
      case "set" -> SetRule.of(type);
      case "map" ->
          type == TypeOid.JSONB ? Optional.<MergeRule>of(new MapRule()) : Optional.empty();
      case "text" ->
          type == TypeOid.TEXT || type == TypeOid.VARCHAR
              ? Optional.<MergeRule>of(new TextRule())
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The types that can carry a rule, for people. */
  static String carriers(String word) {
    return switch (word) {
      case "counter" -> "smallint, integer, bigint and numeric";
      case "max", "min" ->
          "smallint, integer, bigint, numeric, date, timestamp and timestamp with time zone";
      case "set" -> "jsonb, and arrays of smallint, integer, bigint, text, varchar and uuid";
      case "map" -> "jsonb";
      case "text" -> "text and varchar";
      default -> "every type";
    };
  }
}
