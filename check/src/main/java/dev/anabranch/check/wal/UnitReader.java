package dev.anabranch.check.wal;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.decode.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds units from decoded messages and writes them to the ledger in batches of whole units. */
final class UnitReader {

  private static final int WRITES_PER_APPEND = 5_000;

  /** No table of a client's lies there; one of ours does, which only grows. */
  private static final String OURS = "pg_catalog";

  private final BranchId branch;
  private final BranchShapes shapes;
  private final Ledger ledger;
  private final Map<TableId, BranchShapes.Sent> current = new HashMap<>();
  private final Set<TableId> ours = new HashSet<>();
  private final List<Ledger.Entry> finished = new ArrayList<>();
  private Optional<Open> open = Optional.empty();
  private Lsn lastCommit;
  private int finishedWrites;

  /** The transaction that is being read. */
  private record Open(Change.Begin begin, List<Write> writes, Set<TableShape> shapes) {}

  UnitReader(BranchId branch, BranchShapes shapes, Ledger ledger) {
    this.branch = branch;
    this.shapes = shapes;
    this.ledger = ledger;
    this.lastCommit = ledger.lastUnitLsn(branch);
  }

  /** The end of the newest transaction that was taken. */
  Lsn lastCommit() {
    return lastCommit;
  }

  /**
   * @param lsn where the log record of a row change starts
   */
  void take(Lsn lsn, Change change) throws SQLException {
    switch (change) {
      case Change.Begin begin ->
          open = Optional.of(new Open(begin, new ArrayList<>(), new LinkedHashSet<>()));
      case Change.Commit commit -> commit(commit);
      case Change.Relation relation when relation.schema().equals(OURS) ->
          ours.add(relation.table());
      case Change.Relation relation -> current.put(relation.table(), shapes.of(relation));
      case Change.Insert(TableId table, var ignored) when ours.contains(table) -> {}
      case Change.Insert(TableId table, Image after) ->
          add(table, new Write.Insert(table, inside(lsn), after));
      case Change.Update update ->
          add(update.table(), update(update, sent(update.table()), inside(lsn)));
      case Change.Delete delete ->
          add(delete.table(), delete(delete, sent(delete.table()), inside(lsn)));
      case Change.Truncate(List<TableId> tables) ->
          tables.forEach(table -> add(table, new Write.Truncate(table, inside(lsn))));
      case Change.Message ignored -> {}
      case Change.Type ignored -> {}
      case Change.Origin ignored -> {}
    }
  }

  /** Writes what is finished. */
  void write() {
    if (!finished.isEmpty()) {
      ledger.append(List.copyOf(finished));
      finished.clear();
      finishedWrites = 0;
    }
  }

  /**
   * A position read between two statements is where the next record will start, so the record of
   * the next change starts at exactly that position. One byte on, "at or below" means "before"
   * again.
   */
  private static Lsn inside(Lsn start) {
    return new Lsn(start.value() + 1);
  }

  private void commit(Change.Commit commit) {
    Open transaction =
        open.orElseThrow(() -> new IllegalStateException("a commit came without its beginning"));
    open = Optional.empty();
    if (!commit.endLsn().isAfter(lastCommit)) {
      return;
    }
    lastCommit = commit.endLsn();
    if (transaction.writes().isEmpty()) {
      return;
    }
    finished.add(
        new Ledger.Entry.UnitCommitted(
            new Unit(
                0,
                branch,
                transaction.begin().transactionId(),
                commit.endLsn(),
                commit.committedAt(),
                List.copyOf(transaction.shapes()),
                transaction.writes())));
    finishedWrites += transaction.writes().size();
    if (finishedWrites >= WRITES_PER_APPEND) {
      write();
    }
  }

  private void add(TableId table, Write write) {
    Open transaction =
        open.orElseThrow(() -> new IllegalStateException("a change came outside a transaction"));
    BranchShapes.Sent sent = sent(table);
    transaction.shapes().add(sent.shape());
    transaction.writes().add(stored(write, sent.places()));
  }

  private BranchShapes.Sent sent(TableId table) {
    BranchShapes.Sent sent = current.get(table);
    if (sent == null) {
      throw new IllegalStateException("a change of table " + table + " came before its layout");
    }
    return sent;
  }

  private static Write stored(Write write, List<Integer> places) {
    return switch (write) {
      case Write.Insert(TableId table, Lsn lsn, Image after) ->
          new Write.Insert(table, lsn, stored(after, places));
      case Write.Update(TableId table, Lsn lsn, Image before, Image after) ->
          new Write.Update(table, lsn, stored(before, places), stored(after, places));
      case Write.Delete(TableId table, Lsn lsn, Image before) ->
          new Write.Delete(table, lsn, stored(before, places));
      case Write.Truncate truncate -> truncate;
    };
  }

  private static Image stored(Image row, List<Integer> places) {
    return new Image(places.stream().map(row.cells()::get).toList());
  }

  private static Write update(Change.Update update, BranchShapes.Sent sent, Lsn lsn) {
    Image before =
        update.before().orElseGet(() -> keyOnly(update.oldKey().orElse(update.after()), sent));
    return new Write.Update(update.table(), lsn, before, update.after().filledFrom(before));
  }

  private static Write delete(Change.Delete delete, BranchShapes.Sent sent, Lsn lsn) {
    Image before = delete.before().orElseGet(() -> keyOnly(delete.oldKey().orElseThrow(), sent));
    return new Write.Delete(delete.table(), lsn, before);
  }

  /**
   * Where Postgres does not let a table's whole rows be logged, the old row's key is: its other
   * cells, sent as NULL or as they are in the new row, say nothing about it.
   */
  private static Image keyOnly(Image row, BranchShapes.Sent sent) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < row.cells().size(); i++) {
      cells.add(sent.identity().contains(i) ? row.cells().get(i) : Cell.Absent.UNCHANGED);
    }
    return new Image(cells);
  }
}
