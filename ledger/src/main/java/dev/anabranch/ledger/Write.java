package dev.anabranch.ledger;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One row written on a branch. Branches log whole rows (REPLICA IDENTITY FULL) wherever Postgres
 * allows it. Of tables with virtual generated columns the old row's key is logged: all other cells
 * of the row before are {@link dev.anabranch.base.Cell.Absent#UNCHANGED} then, and so are large
 * values of the row after that the write left alone.
 */
public sealed interface Write {

  TableId table();

  /**
   * A position just inside its record in the branch's log; never falls within a unit. A position
   * read between two statements is at or above all writes of the first and below all writes of the
   * second.
   */
  Lsn lsn();

  /** Whether no cell is missing. */
  default boolean isWhole() {
    return switch (this) {
      case Insert insert -> insert.after().isWhole();
      case Update update -> update.before().isWhole() && update.after().isWhole();
      case Delete delete -> delete.before().isWhole();
      case Truncate ignored -> true;
    };
  }

  /** The row that was there; empty where one was put in, or the table was emptied. */
  default Optional<Image> rowBefore() {
    return switch (this) {
      case Insert ignored -> Optional.empty();
      case Update update -> Optional.of(update.before());
      case Delete delete -> Optional.of(delete.before());
      case Truncate ignored -> Optional.empty();
    };
  }

  /** The row that is there then; empty where it was removed, or the table was emptied. */
  default Optional<Image> rowAfter() {
    return switch (this) {
      case Insert insert -> Optional.of(insert.after());
      case Update update -> Optional.of(update.after());
      case Delete ignored -> Optional.empty();
      case Truncate ignored -> Optional.empty();
    };
  }

  /** What is known of its row: as it was, and as it is then. */
  default List<Image> images() {
    return switch (this) {
      case Insert insert -> List.of(insert.after());
      case Update update -> List.of(update.before(), update.after());
      case Delete delete -> List.of(delete.before());
      case Truncate ignored -> List.of();
    };
  }

  /** What takes it back; empty where the table was emptied. */
  default Optional<Write> inverse() {
    return switch (this) {
      case Insert insert -> Optional.of(new Delete(table(), lsn(), insert.after()));
      case Update update ->
          Optional.of(new Update(table(), lsn(), update.after(), update.before()));
      case Delete delete -> Optional.of(new Insert(table(), lsn(), delete.before()));
      case Truncate ignored -> Optional.empty();
    };
  }

  record Insert(TableId table, Lsn lsn, Image after) implements Write {}

  record Update(TableId table, Lsn lsn, Image before, Image after) implements Write {
    /** A large branch is held in memory as a whole, and most cells are as they were. */
    public Update {
      after = after.sharing(before);
    }

    /**
     * Whether no cell is known to have another value; of one that is not told, nothing is known.
     */
    public boolean mayHaveLeftAll() {
      return IntStream.range(0, after.cells().size())
          .allMatch(place -> {
            Cell was = before.cells().get(place);
            Cell is = after.cells().get(place);
            return was == Cell.Absent.UNCHANGED || is == Cell.Absent.UNCHANGED || is.equals(was);
          });
    }
  }

  record Delete(TableId table, Lsn lsn, Image before) implements Write {}

  /** The whole table was emptied; it can't be folded back and is reported as a fact. */
  record Truncate(TableId table, Lsn lsn) implements Write {}
}
