package dev.anabranch.check.diff;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Cell;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.branch.Branch;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a branch's units come to, as they are told in commit order. */
final class Ahead {

  private final Branch branch;
  private final DiffRequest request;
  private final TableNames now;
  private final Optional<Set<TableId>> wanted;
  private final Set<Long> landed;
  private final Lsn end;
  private final ForkCopy fork;
  private final TableBook book;
  private final NetEffect net;
  private final Map<TableId, TableShape> shapes = new HashMap<>();
  private long place;
  private boolean unitSeen;
  private Optional<Long> onlyTransaction = Optional.empty();

  /**
   * @param now the branch's tables
   * @param wanted only these; empty: all
   * @param landed units that are on main
   * @param end units that were committed after it are passed over
   */
  Ahead(
      Branch branch,
      DiffRequest request,
      TableNames now,
      Optional<Set<TableId>> wanted,
      Set<Long> landed,
      Lsn end,
      ForkCopy fork,
      TableBook book,
      NetEffect net) {
    this.branch = branch;
    this.request = request;
    this.now = now;
    this.wanted = wanted;
    this.landed = landed;
    this.end = end;
    this.fork = fork;
    this.book = book;
    this.net = net;
  }

  void take(Unit unit) {
    if (unit.commitLsn().isAfter(end)) {
      return;
    }
    OptionalLong only = request.unit();
    boolean isOnly = only.isPresent() && only.getAsLong() == unit.id();
    unitSeen |= isOnly;
    if (isOnly) {
      onlyTransaction = Optional.of(unit.transactionId());
    }
    boolean counts =
        (only.isEmpty() || isOnly) && !(request.pending() && landed.contains(unit.id()));
    shapes.clear();
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    try {
      for (Write write : unit.writes()) {
        place++;
        if (wanted.isEmpty() || wanted.get().contains(write.table())) {
          take(unit, counts, write);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(Unit unit, boolean counts, Write write) throws IOException {
    Optional<TableNames.Named> named = now.of(write.table());
    TableShape shape = shapes.get(write.table());
    if (shape == null) {
      throw new AnabranchException(
          ErrorCode.DIFF_FAILED, "unit " + unit.id() + " does not tell the layout of its rows.");
    }
    int table =
        book.number(
            write.table(),
            named.orElseGet(() -> new TableNames.Named(shape.schema(), shape.name(), true, true)));
    if (named.isEmpty()) {
      if (counts) {
        book.note(table, "dropped on the branch since, and what was written to it with it");
      }
      return;
    }
    book.keyIs(table, shape);
    switch (write) {
      case Write.Insert(var ignored, var lsn, var after) ->
          add(table, unit, counts, Optional.empty(), Optional.of(new Side(shape, after)));
      case Write.Update(var ignored, var lsn, var before, var after) ->
          update(table, unit, counts, new Side(shape, before), new Side(shape, after));
      case Write.Delete(var ignored, var lsn, var before) ->
          add(table, unit, counts, Optional.of(new Side(shape, before)), Optional.empty());
      case Write.Truncate ignored -> {
        if (counts) {
          book.empty(
              table,
              place,
              "emptied by TRUNCATE in unit "
                  + unit.id()
                  + ": what it held before is gone, and not counted");
        }
      }
    }
  }

  /** A row that gets another key is one that goes and one that comes. */
  private void update(int table, Unit unit, boolean counts, Side before, Side after)
      throws IOException {
    Side whole = after.filledFrom(before);
    if (before.shape().hasKey() && before.name().equals(whole.name())) {
      add(table, unit, counts, Optional.of(before), Optional.of(whole));
    } else if (!before.image().equals(whole.image())) {
      add(table, unit, counts, Optional.of(before), Optional.empty());
      add(table, unit, counts, Optional.empty(), Optional.of(whole));
    }
  }

  private void add(
      int table, Unit unit, boolean counts, Optional<Side> before, Optional<Side> after)
      throws IOException {
    net.add(new RowStep(table, place, unit.id(), counts, before, after));
  }

  /** The transaction id of the one unit that is told alone. */
  Optional<Long> onlyTransaction() {
    return onlyTransaction;
  }

  /** Adds all up, once all units are told. */
  SortedRows rows(Comparator<ChangedRow> order) throws IOException {
    if (request.unit().isPresent() && !unitSeen) {
      throw new AnabranchException(
          ErrorCode.DIFF_UNIT_UNKNOWN, branch.name(), request.unit().getAsLong(), branch.name());
    }
    return net.sum(book, this::atFork, order);
  }

  /** Says of each table whose rows Postgres does not log that nothing is known of it. */
  void noteUnlogged() {
    now.tables()
        .forEach((id, named) -> {
          if (named.holdsRows()
              && !named.logged()
              && (wanted.isEmpty() || wanted.get().contains(id))
              && request.unit().isEmpty()) {
            book.note(
                book.number(id, named), "unlogged: Postgres does not log what is written to it");
          }
        });
  }

  /**
   * Only where the branch began with main's rows, and the table has the columns that it had then.
   */
  private Map<RowStep.Row, Side> atFork(
      int table, TableShape shape, Collection<RowStep.Row> wantedRows) {
    Optional<TableShape> then = fork.shape(book.id(table));
    if (branch.parent().isPresent() || then.isEmpty() || !alike(then.get(), shape)) {
      return Map.of();
    }
    Map<Key, RowStep.Row> rows = new HashMap<>();
    for (RowStep.Row row : wantedRows) {
      rows.put(new Key(row.name().stream().map(Ahead::text).toList()), row);
    }
    try {
      Map<RowStep.Row, Side> sides = new HashMap<>();
      fork.rows(then.get(), rows.keySet())
          .forEach((key, side) -> {
            RowStep.Row row = rows.get(key);
            if (row != null) {
              sides.put(row, side);
            }
          });
      return sides;
    } catch (SQLException e) {
      throw Differ.failed("reading rows at the fork point", e);
    }
  }

  private static String text(Cell cell) {
    return String.valueOf(cell.text());
  }

  private static boolean alike(TableShape one, TableShape other) {
    return layout(one).equals(layout(other));
  }

  private static List<List<Object>> layout(TableShape shape) {
    return shape.columns().stream()
        .map(column -> List.<Object>of(column.number(), column.typeOid(), column.inKey()))
        .toList();
  }
}
