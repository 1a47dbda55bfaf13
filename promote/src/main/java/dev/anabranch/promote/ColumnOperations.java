package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Writes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a transaction's statements do to a column that combines. All that is known of which
 * statement wrote which row is how many each of them wrote: as many as were changed, or one of them
 * changed nothing.
 */
final class ColumnOperations {

  private static final Pattern UPDATED = Pattern.compile("UPDATE ([0-9]{1,18})");

  private final Function<Answer, Footprint> footprints;
  private final List<SchemaSnapshot> schemas;

  /**
   * @param footprints what each statement reads and writes
   * @param schemas each says of which tables others are children or partitions
   */
  ColumnOperations(Function<Answer, Footprint> footprints, List<SchemaSnapshot> schemas) {
    this.footprints = footprints;
    this.schemas = List.copyOf(schemas);
  }

  /** Whether they do nothing to it but operations; no where nothing is known of them. */
  boolean only(List<Answer> statements, TableId table, int column) {
    return !statements.isEmpty()
        && statements.stream()
            .allMatch(statement -> onlyOperates(footprints.apply(statement), table, column));
  }

  /** Whether there may be an operation on it among them. */
  boolean any(List<Answer> statements, TableId table, int column) {
    return statements.isEmpty()
        || statements.stream().anyMatch(statement -> mayOperate(statement, table, column));
  }

  private boolean mayOperate(Answer statement, TableId table, int column) {
    return switch (footprints.apply(statement)) {
      case Footprint.NotOfData ignored -> false;
      case Footprint.OwnWrite ignored -> false;
      case Footprint.Reads reads -> operates(reads, table, column);
      case Footprint.AlwaysRerun ignored -> true;
      case Footprint.Unanswerable ignored -> true;
    };
  }

  /** Whether an operation of theirs may have left a cell as it was. */
  boolean mayHaveLeft(Optional<Unit> unit, List<Answer> statements, TableId table, int column) {
    if (unit.isEmpty() || statements.isEmpty()) {
      return true;
    }
    long said = 0;
    for (Answer statement : statements) {
      if (footprints.apply(statement) instanceof Footprint.Reads reads
          && operates(reads, table, column)
          && statement.told() != Told.REFUSAL) {
        Matcher counted = UPDATED.matcher(statement.commandTag());
        if (!counted.matches()) {
          return true;
        }
        said += Long.parseLong(counted.group(1));
      }
    }
    // What gave it a value may have changed as many rows as an operation left alone.
    return said > 0
        && (!only(statements, table, column) || said != changed(unit.get(), table, column));
  }

  private static boolean operates(Footprint.Reads reads, TableId table, int column) {
    return reads
        .traits()
        .writes()
        .filter(writes -> writes.targets().contains(table))
        .flatMap(Writes::assigned)
        .filter(assigned -> assigned.operatedOn().contains(column))
        .isPresent();
  }

  private static long changed(Unit unit, TableId table, int column) {
    int place =
        unit.shapes().stream()
            .filter(shape -> shape.id().equals(table))
            .map((TableShape shape) -> shape.indexOf(column))
            .findFirst()
            .orElse(-1);
    return place < 0
        ? -1
        : unit.writes().stream()
            .filter(write ->
                write instanceof Write.Update update
                    && update.table().equals(table)
                    && !update.after().sameAt(place, update.before()))
            .count();
  }

  private boolean onlyOperates(Footprint footprint, TableId table, int column) {
    return switch (footprint) {
      case Footprint.NotOfData ignored -> true;
      case Footprint.OwnWrite ignored -> true;
      case Footprint.Reads reads ->
          !reads.traits().userCode()
              && reads
                  .traits()
                  .writes()
                  .map(writes -> onlyOperates(writes, table, column))
                  .orElse(true);
      case Footprint.AlwaysRerun ignored -> false;
      case Footprint.Unanswerable ignored -> false;
    };
  }

  private boolean onlyOperates(Writes writes, TableId table, int column) {
    return schemas.stream()
            .noneMatch(schema -> schema.withDescendants(writes.targets()).contains(table))
        || writes
            .assigned()
            .filter(_ -> writes.targets().size() == 1)
            .filter(assigned ->
                !assigned.all().contains(column) || assigned.operatedOn().contains(column))
            .filter(_ -> writes.targets().contains(table))
            .isPresent();
  }
}
