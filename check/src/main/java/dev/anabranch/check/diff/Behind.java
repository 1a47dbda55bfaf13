package dev.anabranch.check.diff;

import dev.anabranch.base.Column;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What main's changes come to: each row's newest image beside what it was at the fork point. */
final class Behind implements MainFeed.Told {

  /** How many rows are looked up at the fork point at a time. */
  private static final int ROWS_AT_ONCE = 2_000;

  private final TableNames now;
  private final Optional<Set<TableId>> wanted;
  private final ForkCopy fork;
  private final TableBook book;
  private final SortedRows rows;
  private final Map<TableId, TableShape> shapes = new HashMap<>();
  private final List<NewestRow> batch = new ArrayList<>();
  private Optional<Open> open = Optional.empty();
  private Lsn asOf = Lsn.ZERO;

  /** The table whose rows are being told. */
  private record Open(TableId id, int number, SortedRows.Run run) {}

  /**
   * @param now main's tables
   * @param wanted only these; empty: all
   */
  Behind(
      TableNames now,
      Optional<Set<TableId>> wanted,
      ForkCopy fork,
      TableBook book,
      SortedRows rows) {
    this.now = now;
    this.wanted = wanted;
    this.fork = fork;
    this.book = book;
    this.rows = rows;
  }

  /** What was told is true as of it. */
  Lsn asOf() {
    return asOf;
  }

  @Override
  public void begin(Delta delta) {
    asOf = delta.asOf();
    now.tables()
        .forEach((id, named) -> {
          if (named.holdsRows() && isWanted(id)) {
            begin(id, named, delta.of(id));
          }
        });
    fork.schema()
        .relations()
        .forEach((id, relation) -> {
          if (relation.kind() == 'r' && now.of(id).isEmpty() && isWanted(id)) {
            TableShape shape = relation.shape();
            TableNames.Named named = new TableNames.Named(shape.schema(), shape.name(), true, true);
            book.note(
                book.number(id, named), "dropped on main since the fork, and its rows with it");
          }
        });
  }

  private boolean isWanted(TableId table) {
    return wanted.isEmpty() || wanted.get().contains(table);
  }

  private void begin(TableId id, TableNames.Named named, TableDelta delta) {
    int number = book.number(id, named);
    Optional<TableShape> then = fork.shape(id);
    switch (delta) {
      case TableDelta.Rows(TableShape shape, var none) -> {
        if (then.isPresent() && !key(then.get()).equals(key(shape))) {
          book.note(number, "its key was changed on main since the fork, so its rows are not told");
        } else {
          shapes.put(id, shape);
        }
      }
      case TableDelta.Touched(Lsn last, String why) ->
          book.note(number, "changed in a way that is not told by rows (" + why + ") at " + last);
      case TableDelta.Unwatched(String why) ->
          book.note(
              number,
              then.isEmpty()
                  ? "made on main since the fork; its rows are not told"
                  : "its changes are not followed: " + why);
    }
  }

  private static List<Integer> key(TableShape shape) {
    return shape.keyColumns().stream().map(Column::number).toList();
  }

  @Override
  public void row(TableId table, NewestRow row) {
    if (!shapes.containsKey(table)) {
      return;
    }
    if (open.isEmpty() || !open.get().id().equals(table)) {
      flush();
      int number = now.of(table).map(named -> book.number(table, named)).orElseThrow();
      open = Optional.of(new Open(table, number, rows.begin()));
    }
    batch.add(row);
    if (batch.size() == ROWS_AT_ONCE) {
      flush();
    }
  }

  /** To be called when all is told. */
  void flush() {
    if (open.isEmpty() || batch.isEmpty()) {
      return;
    }
    TableShape shape = shapes.getOrDefault(open.get().id(), NONE);
    Optional<TableShape> then = fork.shape(open.get().id());
    List<Key> keys = batch.stream().map(NewestRow::key).toList();
    try {
      Map<Key, Side> before = then.isEmpty() ? Map.of() : fork.rows(then.get(), keys);
      for (NewestRow row : batch) {
        add(open.get(), row, shape, Optional.ofNullable(before.get(row.key())));
      }
    } catch (SQLException e) {
      throw Differ.failed("reading rows at the fork point", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    batch.clear();
  }

  private static final TableShape NONE = new TableShape(new TableId(0), "", "", List.of());

  private void add(Open table, NewestRow row, TableShape shape, Optional<Side> before)
      throws IOException {
    Optional<Side> after =
        row.now()
            .map(image -> new Side(shape, image))
            .map(side -> before.map(side::filledFrom).orElse(side));
    boolean same =
        before.isPresent() == after.isPresent()
            && (before.isEmpty() || before.get().sameAs(after.orElseThrow()));
    if (!same) {
      ChangedRow changed =
          new ChangedRow(table.number(), before, after, List.of(), row.lsn().value());
      if (book.count(changed)) {
        table.run().add(changed);
      }
    }
  }
}
