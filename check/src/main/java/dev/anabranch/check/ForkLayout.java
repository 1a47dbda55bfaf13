package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a branch's units wrote to the columns that tables had at the fork point. Columns that the
 * branch has added since are nothing to main: a question that reads none of them is answered by the
 * others alone. Where anything else of a layout is another, the writes stay as they are.
 *
 * <p>For verdicts only. What lands has all its columns, or does not land.
 */
record ForkLayout(SchemaSnapshot atFork) {

  List<Unit> of(List<Unit> units) {
    return units.stream().map(this::of).toList();
  }

  private Unit of(Unit unit) {
    Map<TableId, TableShape> narrower = new HashMap<>();
    for (TableShape shape : unit.shapes()) {
      Relation relation = atFork.relations().get(shape.id());
      if (relation != null && isWidened(relation.shape(), shape)) {
        narrower.put(shape.id(), relation.shape());
      }
    }
    if (narrower.isEmpty()) {
      return unit;
    }
    Map<TableId, TableShape> written = new HashMap<>();
    unit.shapes().forEach(shape -> written.put(shape.id(), shape));
    return new Unit(
        unit.id(),
        unit.branch(),
        unit.transactionId(),
        unit.commitLsn(),
        unit.committedAt(),
        unit.shapes().stream().map(shape -> narrower.getOrDefault(shape.id(), shape)).toList(),
        unit.writes().stream()
            .map(write ->
                Optional.ofNullable(narrower.get(write.table()))
                    .flatMap(to ->
                        Optional.ofNullable(written.get(write.table()))
                            .map(from -> narrow(write, from, to)))
                    .orElse(write))
            .toList());
  }

  /** Whether a layout is another one with columns added to it that are no part of the key. */
  private static boolean isWidened(TableShape then, TableShape written) {
    return written.columns().size() > then.columns().size()
        && then.qualifiedName().equals(written.qualifiedName())
        && then.columns().stream().allMatch(written.columns()::contains)
        && then.keyColumns().equals(written.keyColumns());
  }

  private static Write narrow(Write write, TableShape from, TableShape to) {
    return switch (write) {
      case Write.Insert(var table, var lsn, Image after) ->
          new Write.Insert(table, lsn, narrow(after, from, to));
      case Write.Update(var table, var lsn, Image before, Image after) ->
          new Write.Update(table, lsn, narrow(before, from, to), narrow(after, from, to));
      case Write.Delete(var table, var lsn, Image before) ->
          new Write.Delete(table, lsn, narrow(before, from, to));
      case Write.Truncate truncate -> truncate;
    };
  }

  private static Image narrow(Image image, TableShape from, TableShape to) {
    List<Cell> cells =
        to.columns().stream()
            .map(Column::number)
            .map(number -> image.cells().get(from.indexOf(number)))
            .toList();
    return new Image(cells);
  }
}
