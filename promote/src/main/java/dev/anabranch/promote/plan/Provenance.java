package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.rule.RowsBefore;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which answers a unit rests on, and which units an answer may have read.
 *
 * <p>Answers are told by their place among {@link #premises()}, so that thousands of units with
 * thousands of answers each are small. No {@link BitSet} that comes from here may be changed.
 */
public interface Provenance {

  /** The ids of all answers that a unit can rest on, by place. */
  List<Long> premises();

  /**
   * The places of the answers that a unit's task got before it, and of those of its own
   * transaction; for all the transactions that it may have been, when that is not certain.
   */
  BitSet restsOn(long unit);

  /** Why a unit rests on an answer that it rests on. */
  Tie tie(long unit, int premise);

  /**
   * Which of these answers may have seen a unit's writes: the unit may have committed before them
   * (or is their own transaction), and one of its rows may be among those that they read. On any
   * doubt, yes.
   */
  BitSet mayHaveRead(BitSet premises, Unit unit);

  /**
   * Which of these answers may have seen what a unit made of a row, where main will have it
   * otherwise: a later question of another transaction or of its own, or what the statement that
   * wrote it told of it. On any doubt, yes.
   *
   * @param unit the unit, its writes being those to that row; of their cells only those that make a
   *     difference are told, and the key
   * @param columns the columns that main will have otherwise, by number; empty for the whole row
   */
  BitSet mayHaveSeen(BitSet premises, Unit unit, Set<Integer> columns);

  /** What a unit was made for, by the name that people know it by. */
  String task(long unit);

  /** Whose transaction a unit was, where that is known for sure. */
  default Optional<Ending> owner(long unit) {
    return Optional.empty();
  }

  /** The unit that a statement's transaction made, where that is known for sure. */
  Optional<Long> madeBy(long answer);

  /** These units by the tasks that they were made for, in the order of their first ones. */
  List<TaskGroup> tasks(List<Long> units);

  /**
   * Whether rows that main changed may be among those that an answer read, or would read now; empty
   * when it is not known what it read.
   */
  Optional<Boolean> mayBear(long answer, Delta changes, RowsBefore before);

  /**
   * The search_path of a unit's transaction, as a setting has it, with the user's own schema by its
   * name; empty when it is not known.
   */
  String searchPath(long unit);

  /** The columns of main that combine, as the check took them. */
  default Combining combining() {
    return Combining.NONE;
  }

  /**
   * Whether a unit's statements change a column of a table only by operations that they say in
   * themselves, such as {@code qty = qty - 3}. On any doubt, no.
   */
  default boolean onlyOperates(long unit, TableId table, int column) {
    return false;
  }

  /** Whether a statement of a unit's may operate on a column of a table so. On any doubt, yes. */
  default boolean mayOperate(long unit, TableId table, int column) {
    return true;
  }

  /**
   * Whether an operation of a unit's on a column of a table may have left a row's cell as it was:
   * {@code greatest(best, 5)} where seven was. On any doubt, yes.
   */
  default boolean mayHaveLeft(long unit, TableId table, int column) {
    return true;
  }

  /**
   * Whether an answer is what a statement wrote of given values alone, so that it rests on nothing
   * of main. On any doubt, no.
   */
  default boolean isGiven(long answer) {
    return false;
  }

  /**
   * Whether an answer is the same at any time while the rows are the same, or what was written at
   * its moment. On any doubt, no.
   */
  default boolean isTimeless(long answer) {
    return false;
  }

  /** The tables an answer read, empty when that is not known. */
  Optional<Set<TableId>> reads(long answer);
}
