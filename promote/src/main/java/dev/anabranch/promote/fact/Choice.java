package dev.anabranch.promote.fact;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a person wants done about a fact. */
public sealed interface Choice {

  /** As people and programs say it. */
  default String word() {
    return switch (this) {
      case Accept ignored -> "accept";
      case Drop ignored -> "drop";
      case Branch ignored -> "branch";
      case Main ignored -> "main";
      case Value ignored -> "value";
      case Rerun ignored -> "rerun";
      case Open ignored -> "open";
    };
  }

  /** The same with all that it says, so that no two choices are told in the same words. */
  default String words() {
    return this instanceof Value(Map<String, Cell> cells)
        ? word()
            + " "
            + cells.entrySet().stream()
                .map(cell -> cell.getKey() + cell.getValue().words())
                .collect(Collectors.joining(", "))
        : word();
  }

  /** That an answer changed, or can't be told, is fine: what rests on it may land. */
  record Accept() implements Choice {}

  /** The units held because of it never land, nor does what depends on them. */
  record Drop() implements Choice {}

  /** Main gets the row as the branch has it. */
  record Branch() implements Choice {}

  /** The row stays as main has it. */
  record Main() implements Choice {}

  /**
   * Cell by cell.
   *
   * @param cells what each column gets, by its name
   */
  record Value(Map<String, Cell> cells) implements Choice {
    public Value {
      cells = Collections.unmodifiableMap(new TreeMap<>(cells));
    }
  }

  /**
   * The unit's transaction lands as it came out when it was executed again on main.
   *
   * @param state a digest of what it would write then
   */
  record Rerun(String state) implements Choice {}

  /** Nothing is decided any more: it is asked again. */
  record Open() implements Choice {}

  /** What a cell gets. */
  sealed interface Cell {

    /** After the column's name. */
    default String words() {
      return switch (this) {
        case OfBranch ignored -> " of the branch";
        case OfMain ignored -> " of main";
        case Given(Optional<String> text) ->
            text.map(given -> "='" + given.replace("'", "''") + "'").orElse("=NULL");
      };
    }

    /** The branch's. */
    record OfBranch() implements Cell {}

    /** Main's. */
    record OfMain() implements Cell {}

    /**
     * One that a person gives.
     *
     * @param text as Postgres reads it, empty for NULL
     */
    record Given(Optional<String> text) implements Cell {}
  }
}
