package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.decode.Change;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes one session's stream of main's changes and stores it: folds transactions as they come, and
 * writes batches of whole transactions with the position they lead to.
 *
 * <p>Belongs to one thread. Any failure ends it: what was not stored will be sent again.
 */
public final class FeedSink implements AutoCloseable {

  /** Rows that may wait in memory before they are stored. */
  static final int BATCH_ROWS = 20_000;

  /** How long a change may wait for more to be stored with it, while more keep coming. */
  private static final Duration BATCH_TIME = Duration.ofMillis(100);

  /** How a table's changes are kept. */
  private sealed interface Layout {
    record Keyed(TableShape shape) implements Layout {}

    record Whole(TableId table, String why) implements Layout {}

    record Ignored() implements Layout {}
  }

  private final PositionGate gate;
  private final FeedWriter writer;
  private final Map<TableId, WatchedTable> tables;
  private final Map<TableId, Layout> layouts = new HashMap<>();
  private final Pending pending = new Pending();
  private Optional<OpenTransaction> open = Optional.empty();
  private Lsn applied;
  private Lsn pendingEnd;
  private long pendingSince;
  private long rowsStored;

  FeedSink(PositionGate gate, FeedWriter writer, Map<TableId, WatchedTable> tables, Lsn applied) {
    this.gate = gate;
    this.writer = writer;
    this.tables = tables;
    this.applied = applied;
    this.pendingEnd = applied;
  }

  /** Everything at or below it is stored durably. */
  public Lsn applied() {
    return applied;
  }

  public long rowsStored() {
    return rowsStored;
  }

  public boolean inTransaction() {
    return open.isPresent();
  }

  /** Takes any message but a commit. */
  public void take(Change change) throws SQLException {
    switch (change) {
      case Change.Begin ignored -> open = Optional.of(new OpenTransaction(this::newest));
      case Change.Relation relation -> layouts.put(relation.table(), layout(relation));
      case Change.Insert insert -> insert(insert);
      case Change.Update update -> update(update);
      case Change.Delete delete -> delete(delete);
      case Change.Truncate truncate -> truncate(truncate.tables());
      case Change.Message message -> {
        if (message.transactional()) {
          transaction().message(message);
        }
      }
      case Change.Type ignored -> {}
      case Change.Origin ignored -> {}
      case Change.Commit ignored ->
          throw new IllegalArgumentException("a commit is offered, not taken");
    }
    if (open.isPresent() && open.get().size() >= BATCH_ROWS) {
      flush();
      writer.putAside(open.get());
    }
  }

  /**
   * Takes a commit, unless the store is held below it: then everything up to the hold is stored,
   * and the commit has to be offered again.
   */
  public boolean offer(Change.Commit commit) throws SQLException {
    OpenTransaction transaction = transaction();
    if (!commit.endLsn().isAfter(applied)) {
      writer.discardPutAside();
      open = Optional.empty();
      return true;
    }
    if (!gate.admit(commit.endLsn())) {
      storeUpTo(gate.admitUpTo(commit.endLsn()));
      return false;
    }
    if (writer.hasPutAside()) {
      Pending last = new Pending();
      last.add(transaction, commit.endLsn(), commit.committedAt());
      writer.storePutAside(last, commit.endLsn());
      rowsStored += last.rowCount();
      stored(commit.endLsn());
    } else {
      if (pending.isEmpty()) {
        pendingSince = System.nanoTime();
      }
      pending.add(transaction, commit.endLsn(), commit.committedAt());
      pendingEnd = commit.endLsn();
    }
    open = Optional.empty();
    if (pending.rowCount() >= BATCH_ROWS
        || System.nanoTime() - pendingSince > BATCH_TIME.toNanos()) {
      flush();
    }
    return true;
  }

  /**
   * Stores what is pending when nothing more is at hand.
   *
   * @param received outside a transaction: everything that committed at or below it has been
   *     received
   */
  public void idle(Lsn received) throws SQLException {
    if (open.isEmpty()) {
      storeUpTo(gate.admitUpTo(received));
    }
  }

  private void storeUpTo(Lsn position) throws SQLException {
    pendingEnd = Lsn.max(pendingEnd, position);
    flush();
  }

  private void flush() throws SQLException {
    if (pending.isEmpty()) {
      if (pendingEnd.isAfter(applied)) {
        writer.storeProgress(pendingEnd);
        stored(pendingEnd);
      }
      return;
    }
    writer.store(pending, pendingEnd);
    rowsStored += pending.rowCount();
    pending.clear();
    stored(pendingEnd);
  }

  private void stored(Lsn position) {
    applied = position;
    pendingEnd = position;
    gate.applied(position);
  }

  private void insert(Change.Insert insert) {
    switch (layout(insert.table())) {
      case Layout.Keyed(TableShape shape) ->
          transaction().insert(shape, checked(shape, insert.after()));
      case Layout.Whole(TableId table, String why) -> transaction().touch(table, why);
      case Layout.Ignored ignored -> {}
    }
  }

  private void update(Change.Update update) {
    switch (layout(update.table())) {
      case Layout.Keyed(TableShape shape) -> {
        checked(shape, update.after());
        update.before().ifPresent(image -> checked(shape, image));
        update.oldKey().ifPresent(image -> checked(shape, image));
        transaction().update(shape, update);
      }
      case Layout.Whole(TableId table, String why) -> transaction().touch(table, why);
      case Layout.Ignored ignored -> {}
    }
  }

  private void delete(Change.Delete delete) {
    switch (layout(delete.table())) {
      case Layout.Keyed(TableShape shape) -> {
        checked(shape, delete.before().or(delete::oldKey).orElseThrow());
        transaction().delete(shape, delete);
      }
      case Layout.Whole(TableId table, String why) -> transaction().touch(table, why);
      case Layout.Ignored ignored -> {}
    }
  }

  private void truncate(List<TableId> truncated) {
    for (TableId table : truncated) {
      if (!(layout(table) instanceof Layout.Ignored)) {
        transaction().touch(table, "it was truncated");
      }
    }
  }

  private OpenTransaction transaction() {
    return open.orElseThrow(() -> new IllegalStateException("a change came outside a transaction"));
  }

  private Layout layout(TableId table) {
    Layout layout = layouts.get(table);
    if (layout == null) {
      throw new IllegalStateException("a change of table " + table + " came before its layout");
    }
    return layout;
  }

  private static Image checked(TableShape shape, Image image) {
    if (image.cells().size() != shape.columns().size()) {
      throw new IllegalStateException(
          "a row of "
              + shape.qualifiedName()
              + " has "
              + image.cells().size()
              + " cells, not "
              + shape.columns().size());
    }
    return image;
  }

  /**
   * A table's rows are kept by key only while its layout is the one that was registered with it.
   * Another layout makes it touched as a whole, until it is registered anew and a new session
   * begins.
   */
  private Layout layout(Change.Relation relation) {
    WatchedTable table = tables.get(relation.table());
    if (table == null || table.since().isEmpty()) {
      return new Layout.Ignored();
    }
    if (!Layouts.agree(table.shape(), relation)) {
      return new Layout.Whole(relation.table(), "its columns or its key changed");
    }
    if (!Layouts.keyIsSent(table.shape(), relation)) {
      return new Layout.Whole(relation.table(), "rows changed, and it has no key to tell which");
    }
    return new Layout.Keyed(table.shape());
  }

  private Optional<Image> newest(TableId table, Key key) {
    Optional<Pending.Row> waiting = pending.newest(table, key);
    if (waiting.isPresent()) {
      return waiting.get().image();
    }
    try {
      return writer.newest(table, key);
    } catch (SQLException e) {
      throw new IllegalStateException("reading a stored row of table " + table, e);
    }
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
